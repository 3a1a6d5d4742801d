"""Insults: a plain list per language, of words that are hardly ever said of a thing.

It marks what a moderator looks at twice, and decides nothing. Words are written folded: small
letters, no accents, singular. To change the list, change this file.
"""

INSULTS: dict[str, frozenset[str]] = {
    "fr": frozenset(
        """
        abruti abrutie batard batarde bouffon bouffonne bougnoule branleur branleuse chiant chiante
        con connard connarde connasse conne couille couillon cretin cretine debile ducon emmerdeur
        encule enculer enfoire fdp feignasse gogol goudou gouine idiot idiote imbecile lopette merde
        merdeux merdique mongol negre nique niquer ntm pd pede petasse pouffiasse poufiasse putain
        pute racaille raclure salaud salopard salope saloperie tafiole tapette tarlouze tocard
        trouduc youpin youtre
        """.split()  # noqa: SIM905 - for people to read
    ),
    "en": frozenset(
        """
        arse arsehole ass asshole bastard bitch bollocks bullshit cocksucker crap cretin cunt
        dickhead dumbass fag faggot fuck fucker fucking goddamn idiot idiotic imbecile jackass jerk
        kike moron moronic motherfucker nigga nigger paki piss pussy retarded scum scumbag shit
        shitty slut spastic tosser tranny twat wanker whore wop
        """.split()  # noqa: SIM905 - for people to read
    ),
}
