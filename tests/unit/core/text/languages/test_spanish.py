from __future__ import annotations

import pytest

from parleqd.core.text.instant import clean

ORDINARY = """\
El punto es que no tenemos tiempo.
Desde mi punto de vista, es un error.
Estoy a punto de salir.
Llegamos a las ocho en punto.
Hasta cierto punto tienes razón.
Es un buen punto para empezar.
Ese punto no está claro.
Falta una coma después de esa palabra.
La coma está mal puesta.
Quiero que Juan coma bien.
No coma tan rápido.
Está en coma desde ayer.
Coma algo antes de salir.
El equipo ganó dos puntos.
Tenemos dos puntos de ventaja.
Hay dos puntos que quiero aclarar.
Lanzamos una nueva línea de productos.
La nueva línea de metro abre en mayo.
Empieza un nuevo párrafo aquí.
Prefiero este coche y no ese.
Este es mi hermano.
Oye, este libro es tuyo.
No vayas, eh.
Eh, ven aquí.
Lo que es es lo que ves.
No no, así no es.
Sí, sí, ya voy.
Como como quiero.
Mil gracias por todo.
Es un cuento de las mil y una noches.
Te lo he dicho mil veces.
Un millón de personas lo vieron.
Uno de ellos es mi primo.
Tengo dos hijos y tres perros.
Quedamos a las tres y media.
Son las cinco y cuarto.
El primero de mayo es fiesta.
La fiesta del Cinco de Mayo es en México.
¿Cómo estás?
Hola, ¿cómo te va?
¡Qué bueno verte!
No sé cómo llegar.
Dime qué quieres comer.
Cuesta 3,50 euros o 5 €.
Había 1250 participantes y un 20 % más.
La reunión es el 5 de mayo a las 14:30.
Vinieron unas quince personas.
Me encontré con una o dos personas.
El meeting con el team es next week.
Estimada señora López:
Entre tú y yo no hay secretos.""".splitlines()


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("tag", ["es", "auto"])
def test_ordinary_text_stays(text: str, tag: str) -> None:
    assert clean(text, language=tag).text == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("quería ehm decirte algo", "Quería decirte algo."),
        ("Quería, eh, decirte algo.", "Quería decirte algo."),
        ("No vino, eh, pero llamó.", "No vino, pero llamó."),
        ("Quería, este, ehm, decirte algo.", "Quería decirte algo."),
        ("yo yo creo que sí", "Yo creo que sí."),
        ("Hola Ana coma nueva línea llego mañana punto", "Hola Ana,\nLlego mañana."),
        ("Está hecho punto y aparte gracias", "Está hecho.\n\nGracias"),
        ("necesito pan coma leche y huevos punto", "Necesito pan, leche y huevos."),
        ("creo que viene coma pero no es seguro", "Creo que viene, pero no es seguro."),
        ("no vino punto y coma estaba enfermo", "No vino; estaba enfermo."),
        ("cómo estás signo de interrogación", "¿Cómo estás?"),
        ("abre interrogación vienes mañana cierra interrogación", "¿Vienes mañana?"),
        ("la lista dos puntos pan y leche", "La lista: pan y leche"),
        ("cuándo es la reunión", "¿Cuándo es la reunión?"),
        ("puedes venir mañana", "Puedes venir mañana"),
        ("cómo me gusta esta canción", "Cómo me gusta esta canción"),
    ],
)
def test_spanish_is_cleaned(raw: str, text: str) -> None:
    assert clean(raw, language="es").text == text
