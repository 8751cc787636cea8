"""Law (法): what an official could argue about with a document in hand: plain Python and dated YAML.

Knows no Django, no database and no clock: frozen facts go in, a decision with reasons comes out.
"""
