# Spanish (español), neutral international, tú.

## On every page

language = Idioma
imprint = Aviso legal
privacy = Privacidad

## The invitation

invite-title = Invitación a { $site }
contact-title = { $inviter } quiere chatear contigo
reset-title = Nueva contraseña para { $address }
invite-preview = Abre la invitación para unirte a { $site } y empezar a chatear.
contact-preview = Abre la invitación para agregar a { $inviter } a tus contactos.
reset-preview = Abre el enlace para elegir una nueva contraseña.

join-heading = Únete a { $site }
join-invited-by = { $inviter } te invita a chatear en { $site }.
join-invited = Tienes una invitación para chatear en { $site }.
join-contact = En cuanto te unas, encontrarás a { $inviter } en tus contactos.
join-about = Escribe mensajes, envía fotos, conversa en grupos. Tú eliges la app que más te guste, y también puedes chatear con personas de otros servidores de la red abierta XMPP.
join-name-kept = La dirección { $address } está reservada para ti.
join-places = { $count ->
        [one] Este enlace sirve para una persona más.
       *[other] Este enlace sirve para { $count } personas más.
    }

contact-heading = { $inviter } quiere chatear contigo
contact-invited = { $address } quiere estar entre tus contactos.
contact-no-account = ¿Aún no tienes cuenta? Elige una app, crea en ella una cuenta con cualquier proveedor de la red XMPP y luego vuelve a esta página.
contact-button = Agregar a { $inviter }

reset-heading = Elige una nueva contraseña
reset-invited = Este enlace es para la persona a la que pertenece { $address }.
reset-button = Elegir una nueva contraseña
reset-app = O abrir en una app

step-app = Consigue una app
step-app-hint = ¿Ya tienes una? Entonces continúa con el siguiente paso.
step-join = Únete
step-join-hint = Cuando la app esté instalada, vuelve a esta página y toca el botón.
join-button = Unirme a { $site }
step-account = Crea tu cuenta
step-account-hint = Es cosa de un minuto, aquí en tu navegador. Después inicias sesión con la app que prefieras.
account-button = Crear una cuenta
account-instead = ¿Prefieres crear tu cuenta aquí, en el navegador?
app-instead = ¿Tienes una app que pueda abrir invitaciones?
device-choice = Apps para
device-apps = Apps para { $device }

qr-heading = Continúa en tu teléfono
qr-hint = Escanea este código con la cámara.
qr-alt = Código QR con el enlace a esta página

valid-until = Válida hasta el { $time }.
keep-link = La invitación es para ti. Quien tenga este enlace puede usarla.
copy-link = Copiar enlace
copied = Copiado

## Setting up one app

setup-heading = Configura { $app }
setup-install = Instala { $app }
setup-install-hint = Después vuelve a esta página.
setup-download = Descargar
setup-website = Sitio web
setup-play-hint = Si la instalas con el botón de Google Play, la app ya conocerá tu invitación cuando la abras por primera vez.
setup-open = Abrir la invitación en { $app }
setup-open-hint = Cuando la app esté instalada, toca este botón. La app se encarga del resto.
setup-login = Inicia sesión
setup-login-hint = Abre { $app } e inicia sesión con tu nueva dirección y tu contraseña.
setup-back = Elegir otra app

app-conversations = La clásica en Android: sencilla, segura y con llamadas.
app-yaxim = Pequeña y ligera, también para teléfonos antiguos.
app-monal = Para iPhone, iPad y Mac, con llamadas.
app-snikket = Fácil de usar, con llamadas.
app-gajim = Completa y personalizable.
app-dino = Clara y sencilla, con llamadas.
app-kaidan = Agradable, para teléfono y PC.

## Creating the account

register-title = Crear una cuenta en { $site }
register-heading = Crea tu cuenta
register-lead = Elige un nombre y una contraseña. Te servirán en { $site } con cualquier app.
username-label = Nombre de usuario
username-hint = Tu dirección será nombre@{ $host }. Puedes usar letras, números, puntos y guiones.
address-preview = Tu dirección: { $address }
password-label = Contraseña
password-hint = Al menos { $count } caracteres. Unas cuantas palabras poco comunes son fáciles de recordar y difíciles de adivinar.
password-keep = Anótala o deja que tu navegador la guarde: después no podrás volver a consultarla.
password-show = Mostrar contraseña
password-suggest = Sugerir una contraseña
register-button = Crear cuenta

strength-weak = Fácil de adivinar
strength-fair = Podría ser mejor
strength-good = Buena
strength-strong = Muy buena

error-heading = Ya casi: corrige lo que está marcado abajo.
error-title = Error: { $title }
name-empty = Elige un nombre.
name-invalid = Este nombre de usuario no es válido. Usa letras, números, puntos y guiones, sin espacios.
name-invalid-try = El nombre de usuario solo puede tener letras, números, puntos y guiones. ¿Qué tal uno de estos?
name-taken = Este nombre ya está en uso. Elige otro.
name-taken-try = Ese nombre de usuario ya está en uso. ¿Qué tal uno de estos?
name-not-yours = Esta invitación es para { $username }. Usa ese nombre.
name-refused = El servidor no permite este nombre. Elige otro.
password-empty = Elige una contraseña.
password-short = Demasiado corta: usa al menos { $count } caracteres.
password-long = Demasiado larga: usa como máximo { $count } caracteres.
password-weak = Esta contraseña es fácil de adivinar. Agrega una o dos palabras más.
password-forbidden = Contiene un carácter que las apps no pueden enviar. Usa letras, números, signos y espacios.
password-refused = El servidor no permite esta contraseña. Elige otra.
server-says = El servidor dice: { $reason }

server-refused-heading = No se pudo completar
server-refused = No se cambió nada y tu invitación sigue siendo válida. Inténtalo de nuevo o pregunta a quien te invitó.
server-away-heading = Inténtalo de nuevo en unos minutos
server-away = No se puede conectar con el servidor en este momento. No se cambió nada y tu invitación sigue siendo válida.
server-unknown-heading = No sabemos si funcionó
server-unknown = El servidor dejó de responder justo en ese momento. Intenta iniciar sesión con tu app. Si no funciona, vuelve a esta página en unos minutos e inténtalo de nuevo.
form-foreign-heading = Envía el formulario otra vez
form-foreign = No venía de esta página, así que no se hizo nada. Abre de nuevo tu invitación y completa el formulario que aparece allí.
busy-heading = Alguien se está registrando con esta invitación en este momento
busy = Inténtalo de nuevo en un minuto.
account-exists-heading = Esta dirección ya tiene una cuenta
account-exists = Si { $address } es tuya, inicia sesión con tu app. Si olvidaste la contraseña, pide a quien te invitó un enlace para elegir una nueva.
no-account-heading = Esa cuenta no existe
no-account = No hay ninguna cuenta { $address }. Pregunta a quien te envió este enlace.
bound-name-refused-heading = El servidor no acepta este nombre
bound-name-refused = Esta invitación es solo para { $address } y el servidor no permite ese nombre. Pide una nueva invitación a quien te invitó.
server-setup-heading = El servidor aún no está preparado para esto
server-setup = Todavía no está configurado para recibir invitaciones, así que volver a intentarlo no servirá. Avisa a quien te envió el enlace. No se cambió nada y el enlace sigue siendo válido.
server-encryption = Esta página y el servidor no se ponen de acuerdo sobre el cifrado, así que volver a intentarlo aquí no servirá. Abre el enlace en una aplicación y avisa a quien te lo envió. No se cambió nada y el enlace sigue siendo válido.
server-field = A todas las personas que se registran les pide algo que esta página no puede enviar: { $field }. Avisa a quien te envió el enlace. No se cambió nada y el enlace sigue siendo válido.

## When the account is there

welcome-title = Te damos la bienvenida a { $site }
youre-in = ¡Ya estás dentro, { $name }!
in-contacts = { $inviter } ya está en tus contactos.
are-in-groups = { $count ->
        [one] Estás en el grupo { $groups }.
       *[other] Estás en los grupos { $groups }.
    }
your-address = Tu dirección
your-password = Tu contraseña
copy = Copiar
password-shown-once = La contraseña solo se muestra esta vez.
password-yours = Usa la contraseña que elegiste.
save-card = Guardar como tarjeta para imprimir
say-hello = Saluda
write-to = Escribir a { $inviter }
log-in-with = Iniciar sesión con { $app }
other-device = También en otro dispositivo
other-device-hint = Instala allí una app e inicia sesión con la misma dirección y contraseña. Algunas apps también pueden escanear este código:
credentials-qr = Código QR con tu dirección y tu contraseña
keep-private = Quien vea este código puede iniciar sesión en tu cuenta.
welcome-login = Abre la app e inicia sesión con tu dirección y tu contraseña.
welcome-choose = Elegir una app
welcome-webchat = Chatear en el navegador

reset-form-heading = Nueva contraseña
reset-form-lead = Para tu cuenta { $address }.
reset-form-button = Guardar nueva contraseña
reset-done-heading = Tu nueva contraseña está lista
reset-done = A partir de ahora, inicia sesión en { $address } con la nueva contraseña. Tus apps te la pedirán.

## When an invitation does not work

unknown-heading = Invitación no encontrada
unknown-what = No conocemos esta invitación. Quizá el enlace no se copió completo.
expired-heading = Invitación vencida
expired-what = Esta invitación era válida por un tiempo limitado, que ya terminó.
used-heading = Invitación ya usada
used-what = Alguien ya se unió con esta invitación, quizá fuiste tú.
used-advice = Si fuiste tú, abre tu app e inicia sesión con la contraseña que elegiste primero. Si no, pide un nuevo enlace a quien te invitó.
revoked-heading = Invitación retirada
revoked-what = Esta invitación se retiró y ya no es válida.
new-link-advice = Pide un nuevo enlace a quien te invitó.
reset-expired-heading = Enlace vencido
reset-expired-what = Los enlaces para una nueva contraseña solo funcionan por un tiempo limitado.
reset-used-heading = Enlace ya usado
reset-used-what = Con este enlace ya se eligió una nueva contraseña, quizá fuiste tú.
reset-used-advice = Si fuiste tú, inicia sesión con la contraseña que elegiste primero. Si no, pide un nuevo enlace a quien te dio este.
reset-revoked-heading = Este enlace ya no es válido
reset-revoked-what = Quizá recibiste un enlace más reciente. Si es así, usa ese.
reset-new-link-advice = Pide un nuevo enlace a quien te dio este.

missing-heading = Aquí no hay nada
missing-what = No hay ninguna página en esta dirección.
missing-advice = Si abriste una invitación, comprueba que el enlace se copió completo.

wait-heading = Espera un momento
wait-what = Desde tu conexión a internet hubo demasiados intentos de abrir invitaciones que no conocemos.
wait-advice = Vuelve a cargar esta página en un minuto. Si abriste una invitación, comprueba que el enlace se copió completo.

trouble-heading = Inténtalo de nuevo
trouble-what = En este momento no podemos abrir tu invitación. No se ha perdido.
trouble-advice = Vuelve a cargar esta página en un minuto.
