"""Charts: pure functions of data that return SVG, for our pages and as files that stand alone.

Lengths across are percents of whatever width there is, so that letters keep their size on every
screen; on a page style sheets colour the classes, and the attributes are what is left without them.
"""
