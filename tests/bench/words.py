"""Proposals and ideas as long as people write them."""

TEXTS = tuple(
    f"Il faut que la mesure numéro {number} soit essayée dans chaque entreprise avant d’être imposée."
    for number in range(1, 41)
)
IDEA = "rendre les outils de travail réparables partout."
