"""What is believed before anything is learnt: from here expectation and maximisation start, and rare levels stay near.

Shares of levels in the order of each field's levels, missing ones left out; rates in pairs a record.
"""

from hutong.registry.linkage.rivals import Kind, Parameters

OF_KIN = {
    "living_division": [0.90, 0.04, 0.03, 0.03],
    "guardian_name": [0.80, 0.06, 0.06, 0.08],
    "guardian_phone": [0.75, 0.03, 0.22],
}
OF_ONE_CHILD = OF_KIN | {
    "name": [0.90, 0.015, 0.035, 0.01, 0.005, 0.003, 0.007, 0.005, 0.008, 0.006, 0.006],
    "sex": [0.99, 0.01],
    "birth_date": [0.93, 0.01, 0.02, 0.01, 0.01, 0.01, 0.005, 0.005],
    "id_number": [0.93, 0.05, 0.005, 0.003, 0.012],
}
OF_TWINS = OF_KIN | {
    "name": [0.002, 0.001, 0.004, 0.01, 0.003, 0.0001, 0.0099, 0.005, 0.60, 0.335, 0.03],
    "sex": [0.65, 0.35],
    "birth_date": [0.95, 0.01, 0.015, 0.01, 0.005, 0.003, 0.003, 0.004],
    "id_number": [0.001, 0.002, 0.01, 0.937, 0.05],
}
OF_SIBLINGS = OF_KIN | {
    "name": [0.001, 0.001, 0.003, 0.006, 0.003, 0.0001, 0.0099, 0.006, 0.35, 0.57, 0.05],
    "sex": [0.5, 0.5],
    "birth_date": [0.0005, 0.0005, 0.002, 0.01, 0.01, 0.03, 0.047, 0.90],
    "id_number": [0.001, 0.0005, 0.0005, 0.948, 0.05],
}
OF_A_BORROWED_NUMBER = {
    "name": [0.001, 0.001, 0.001, 0.002, 0.001, 0.0001, 0.0019, 0.02, 0.08, 0.152, 0.74],
    "sex": [0.7, 0.3],
    "birth_date": [0.6, 0.01, 0.01, 0.01, 0.02, 0.02, 0.03, 0.30],
    "id_number": [0.97, 0.01, 0.005, 0.005, 0.01],
    "living_division": [0.30, 0.20, 0.30, 0.20],
    "guardian_name": [0.15, 0.02, 0.20, 0.63],
    "guardian_phone": [0.15, 0.01, 0.84],
}
OF_NAMESAKES = {
    "name": [0.90, 0.01, 0.03, 0.01, 0.01, 0.002, 0.008, 0.01, 0.01, 0.005, 0.005],
    "sex": [0.95, 0.05],
    "birth_date": [0.50, 0.02, 0.05, 0.05, 0.05, 0.05, 0.05, 0.23],
    "id_number": [0.0001, 0.0001, 0.0008, 0.949, 0.05],
    "living_division": [0.01, 0.03, 0.10, 0.86],
    "guardian_name": [0.002, 0.002, 0.15, 0.846],
    "guardian_phone": [0.001, 0.001, 0.998],
}
OF_STRANGERS = {
    "name": [0.0001, 0.0001, 0.0003, 0.0005, 0.0001, 0.00001, 0.00099, 0.005, 0.01, 0.04, 0.943],
    "sex": [0.5, 0.5],
    "birth_date": [0.00015, 0.0002, 0.003, 0.003, 0.003, 0.003, 0.05, 0.9378],
    "id_number": [1e-9, 1e-8, 1e-7, 0.95, 0.05],
    "living_division": [0.0004, 0.005, 0.05, 0.9446],
    "guardian_name": [0.0003, 0.002, 0.04, 0.9577],
    "guardian_phone": [1e-6, 1e-6, 0.999998],
}
STARTING = Parameters(
    {
        Kind.SAME: OF_ONE_CHILD,
        Kind.TWIN: OF_TWINS,
        Kind.SIBLING: OF_SIBLINGS,
        Kind.BORROWED: OF_A_BORROWED_NUMBER,
        Kind.NAMESAKE: OF_NAMESAKES,
        Kind.STRANGER: OF_STRANGERS,
    },
    {Kind.SAME: 0.05, Kind.TWIN: 0.015, Kind.SIBLING: 0.02, Kind.BORROWED: 0.0005, Kind.NAMESAKE: 0.001},
)
