# Spanish (español), neutral international, tú.

## On every page

language = Idioma
imprint = Aviso legal
privacy = Privacidad
joiner = { " " }

## The invitation

invite-title = Invitación para unirte a { $site }
contact-title = { $inviter } quiere chatear contigo
reset-title = Nueva contraseña para { $address }
invite-preview = Abre la invitación para unirte a { $site } y empezar a chatear.
contact-preview = Abre la invitación para agregar a { $inviter } a tus contactos.
reset-preview = Abre el enlace para elegir una nueva contraseña.

join-contact = En cuanto te unas, encontrarás a { $inviter } en tus contactos.
join-about = Escribe mensajes, envía fotos y chatea en grupos con la app que más te guste. Como con el correo, también puedes hablar con personas de otros servicios.
join-name-kept = La dirección { $address } está reservada para ti.
join-places = { $count ->
        [one] Este enlace sirve para una persona más.
       *[other] Este enlace sirve para { $count } personas más.
    }

contact-heading = { $inviter } quiere chatear contigo
contact-invited = { $address } quiere agregarte a sus contactos.
contact-no-account = ¿Aún no tienes cuenta? Instala una app, crea una cuenta en ella y vuelve a esta página.
contact-button = Agregar a { $inviter }

reset-heading = Elige una nueva contraseña
reset-invited = Este enlace es solo para { $address }. No lo compartas.
reset-button = Elegir nueva contraseña
reset-app = O abrir en tu app

step-app-hint = ¿Ya tienes una? Entonces continúa con el siguiente paso.
step-join = Únete
join-button = Unirme a { $site }
step-account = Crea tu cuenta
step-account-hint = Es cosa de un minuto, aquí en tu navegador. Después inicias sesión con la app que prefieras.
account-button = Crear una cuenta
device-choice = Elegir dispositivo
device-ios = iPhone o iPad

qr-heading = Continúa en tu teléfono
qr-hint = Apunta la cámara de tu teléfono a este código.
qr-alt = Código QR que abre esta página

keep-link = Esta invitación es solo para ti. Quien tenga el enlace puede usarla, así que no lo compartas.
copied = Copiado

## Setting up one app

setup-heading = Configura { $app }
setup-install = Instala { $app }
setup-install-hint = Después vuelve a esta página.
setup-download = Descargar
setup-website = Ir al sitio web
setup-play-hint = Usa el botón de Google Play: la app tendrá lista tu invitación la primera vez que la abras.
setup-open = Abrir la invitación en { $app }
setup-open-hint = Cuando la app esté instalada, toca este botón. La app te guía en el resto.
setup-login = Inicia sesión
setup-login-hint = Abre { $app } e inicia sesión con tu dirección y tu contraseña.
login-button = Busca «{ $button }» en la app.
login-address = El campo «{ $address }» es para tu dirección.
setup-back = Elegir otra app

app-conversations = La clásica en Android: sencilla, segura y con llamadas.
app-yaxim = Pequeña y ligera, también para teléfonos antiguos.
app-monal = Para iPhone, iPad y Mac, con llamadas.
app-snikket = Fácil de usar, con llamadas.
app-gajim = Completa y personalizable.
app-dino = Clara y sencilla, con llamadas.
app-kaidan = Fácil de usar, para teléfono y PC.

## Creating the account

register-title = Crear una cuenta en { $site }
register-heading = Crea tu cuenta
register-lead = Elige un nombre de usuario y una contraseña. Te servirán en { $site } con cualquier app.
username-label = Nombre de usuario
username-hint = Tu dirección será usuario@{ $host }. Puedes usar letras, números, puntos y guiones.
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
name-empty = Elige un nombre de usuario.
name-invalid = El nombre de usuario solo puede tener letras, números, puntos y guiones, sin espacios.
name-invalid-try = El nombre de usuario solo puede tener letras, números, puntos y guiones. ¿Qué tal uno de estos?
name-taken = Ese nombre de usuario ya está en uso. Prueba con otro.
name-taken-try = Ese nombre de usuario ya está en uso. ¿Qué tal uno de estos?
name-not-yours = Esta invitación es para el nombre de usuario { $username }. Usa ese.
name-refused = Ese nombre de usuario no está permitido aquí. Prueba con otro.
password-empty = Elige una contraseña.
password-short = Demasiado corta: usa al menos { $count } caracteres.
password-long = Es demasiado larga. Elige una contraseña más corta.
password-weak = Esta contraseña es fácil de adivinar. Agrega una o dos palabras más.
password-forbidden = La contraseña tiene un carácter que no funciona en las apps. Usa letras, números, símbolos y espacios.
password-refused = Esa contraseña no está permitida aquí. Prueba con otra.
server-says = Respuesta del servidor: { $reason }

server-refused-heading = No se pudo completar
server-refused = No cambió nada y tu invitación sigue siendo válida. Inténtalo de nuevo o pregunta a quien te invitó.
server-away-heading = Inténtalo de nuevo en unos minutos
server-away = No podemos conectar con el servidor en este momento. No cambió nada y tu invitación sigue siendo válida.
server-unknown-heading = No sabemos si funcionó
server-unknown = El servidor dejó de responder. Intenta iniciar sesión con tu app. Si no funciona, vuelve a esta página en unos minutos e inténtalo de nuevo.
form-foreign-heading = Vuelve a completar el formulario
form-foreign = No se envió desde esta página, así que, por seguridad, no hicimos nada. Abre tu invitación y completa el formulario que aparece allí.
busy-heading = Alguien se está registrando con esta invitación en este momento
busy = Inténtalo de nuevo en un minuto.
account-exists-heading = Esta dirección ya tiene una cuenta
account-exists = Si { $address } es tuya, inicia sesión con tu app. Si olvidaste la contraseña, pide a quien te invitó un enlace para elegir una nueva.
no-account-heading = Esa cuenta no existe
no-account = No hay ninguna cuenta { $address }. Pregunta a quien te envió este enlace.
bound-name-refused-heading = Ese nombre de usuario no está permitido aquí
bound-name-refused = Esta invitación es solo para { $address }, y ese nombre de usuario no está permitido aquí. Pide una nueva invitación a quien te invitó.
server-setup-heading = El servidor aún no está preparado para esto
server-setup = Todavía no está configurado para recibir invitaciones, así que volver a intentarlo no servirá. Avisa a quien te envió el enlace. No cambió nada y el enlace sigue siendo válido.
server-encryption = Esta página y el servidor no se ponen de acuerdo sobre el cifrado, así que volver a intentarlo aquí no servirá. Abre el enlace en una app y avisa a quien te lo envió. No cambió nada y el enlace sigue siendo válido.
server-field = A todas las personas que se registran les pide algo que esta página no puede enviar: { $field }. Avisa a quien te envió el enlace. No cambió nada y el enlace sigue siendo válido.

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
reset-form-lead = Para tu cuenta { $address }
reset-form-button = Guardar contraseña
reset-done-heading = Tu contraseña ha cambiado
reset-done = Desde ahora, usa la nueva contraseña para { $address }. Tus apps te la pedirán.

## When an invitation does not work

unknown-heading = Invitación no encontrada
unknown-what = No conocemos esta invitación. Quizá el enlace no se copió completo.
expired-heading = La invitación ha expirado
expired-what = Esta invitación solo era válida por un tiempo limitado.
used-heading = La invitación ya se usó
used-what = Alguien ya se unió con esta invitación. ¿Fuiste tú?
used-advice = Si fuiste tú, abre tu app e inicia sesión con la contraseña que elegiste primero. Si no, pide una nueva invitación a quien te invitó.
revoked-heading = Invitación cancelada
revoked-what = Ya no es válida.
new-link-advice = Pide una nueva invitación a quien te invitó.
reset-expired-heading = El enlace ha expirado
reset-expired-what = Los enlaces para una nueva contraseña solo funcionan por un tiempo limitado.
reset-used-heading = El enlace ya se usó
reset-used-what = Con este enlace ya se eligió una nueva contraseña. ¿Fuiste tú?
reset-used-advice = Si fuiste tú, inicia sesión con la contraseña que elegiste primero. Si no, pide un nuevo enlace a quien te dio este.
reset-revoked-heading = Este enlace ya no es válido
reset-revoked-what = Quizá recibiste un enlace más reciente. Si es así, usa ese.
reset-new-link-advice = Pide un nuevo enlace a quien te dio este.
invited-by = { $inviter } te invitó a { $site }.
ask-again = Pedir una nueva invitación a { $inviter }
ask-again-operator = Pedir una nueva invitación
ask-again-reset = Pedir un nuevo enlace
asked-heading = Hemos pasado el aviso
asked = En cuanto se renueve tu invitación, este mismo enlace volverá a funcionar.
asked-reset = En cuanto se renueve tu enlace, volverá a funcionar.

already-joined = Ya me uní
joined-heading = ¿Fuiste tú? ¡Entonces ya estás dentro!
joined = Alguien se unió con esta invitación. Si fuiste tú, sigue chateando en tu app; puedes cerrar esta página.
joined-not-you = ¿No fuiste tú?
not-joined-heading = Todavía no lo vemos
not-joined = Nadie se ha unido con esta invitación hasta ahora. Termina de crear tu cuenta y vuelve a comprobarlo.
check-again = Comprobar de nuevo
back-to-invitation = Volver a la invitación

missing-heading = Página no encontrada
missing-what = No hay ninguna página en esta dirección.
missing-advice = Si abriste una invitación, comprueba que el enlace se copió completo.

wait-heading = Espera un momento
wait-what = Desde tu red se abrieron demasiados enlaces de invitación incorrectos.
wait-advice = Vuelve a cargar esta página en un minuto. Si abriste una invitación, comprueba que el enlace se copió completo.

trouble-heading = Algo salió mal
trouble-what = En este momento no podemos abrir tu invitación. No te preocupes, no se ha perdido.
trouble-advice = Vuelve a cargar esta página en un minuto.
try-again = Intentar de nuevo

## The first page, redesigned

invited-by-heading = { $inviter } te invita a chatear
invited-heading = Tienes una invitación para chatear en { $site }
invited-by-title = { $inviter } te invita a { $site }
promise-free = Gratis
promise-no-phone = Sin número de teléfono
promise-no-ads = Sin anuncios
get-app = Obtener { $app }
app-costs = De pago en esta tienda
app-for-device = La app para { $device }
in-browser = En el navegador, sin app
installed-open = ¿Ya está instalada? Abre la invitación
nothing-happens = ¿No pasa nada al tocar?
other-ways = Otra app, otro dispositivo o en el navegador
works-once-until = Solo para ti · válida hasta el { $date }
works-many-until = { $count ->
        [one] Para una persona más · válida hasta el { $date }
       *[other] Para { $count } personas más · válida hasta el { $date }
    }
works-for-all-until = Para quien tenga este enlace · válida hasta el { $date }
expires-soon = No esperes: solo es válida hasta el { $date }.
in-groups = { $count ->
        [one] Estarás en el grupo { $groups }.
       *[other] Estarás en los grupos { $groups }.
    }
rescue-install = El botón solo funciona si { $app } está instalada. Instálala, vuelve a esta página y toca «Abre la invitación».
rescue-in-app = ¿Abriste esta página dentro de otra app, como una de mensajería? Ábrela en tu navegador: toca el menú en la esquina de la pantalla y luego «Abrir en el navegador».
rescue-paste = O copia esta dirección y pégala en la app:
rescue-browser = O deja la app para después y crea tu cuenta en el navegador.
show-qr = ¿En otro teléfono o tableta? Apunta su cámara a este código.
who-runs = ¿Quién gestiona este servicio?
list-separator = { ", " }
app-siskin = Muy completa, con llamadas.
front-link = Enlace de tu invitación
front-open = Abrir la invitación
front-account = ¿Ya tienes una cuenta?
to-front = Ir a la página de inicio
sheet-print = Imprimir
help-someone = ¿Vas a ayudar a otra persona? Imprime una hoja
front-what = Chatea con tu familia y tus amistades en { $site }.
front-invitation = Puedes unirte con una invitación. Pide a alguien que ya esté aquí que te envíe una.
front-have-link = ¿Tienes una invitación? Abre otra vez su enlace o escanea su código.
sheet-title = Empezar a chatear en { $site }
sheet-for = Para la persona que ayuda
sheet-step-install = Instala { $app }.
sheet-step-scan = Escanea este código con la cámara del teléfono y abre la página.
sheet-step-open = Toca «Abre la invitación» y luego elige un nombre de usuario y una contraseña.
sheet-step-first = Envía un primer mensaje a { $inviter }.
sheet-address = Dirección
sheet-password = Contraseña
sheet-help = A quién llamar para pedir ayuda

console-heading = Administración de { $site }
console-overview = Resumen
console-invites = Invitaciones
console-new = Nueva invitación
console-sessions = Navegadores con sesión abierta
console-log-in = Iniciar sesión
console-log-out = Cerrar sesión
console-login-heading = Iniciar sesión en la administración
console-login-what = Este enlace funciona una sola vez. Úsalo solo si lo has creado tú.
console-link-over-heading = Este enlace de acceso ya no funciona
console-link-over-what = Un enlace de acceso funciona una vez, durante 15 minutos.
console-out-heading = No has iniciado sesión
console-out-what = La sesión termina a las 12 horas, o tras 30 minutos sin uso.
console-how = Este comando en el servidor crea un enlace de acceso:
console-old-form-heading = Esta página ha estado abierta demasiado tiempo
console-old-form-what = No se ha cambiado nada. Vuelve atrás, recarga la página e inténtalo de nuevo.
console-pending = Abierta
console-used = Usada
console-expired = Caducada
console-revoked = Retirada
console-all = Todas
console-asked = Pide un enlace nuevo
console-pending-count = Invitaciones abiertas
console-asked-count = Piden un enlace nuevo
console-joined-count = Se han unido en los últimos siete días
console-joined = Se han unido
console-nobody = Nadie todavía.
console-empty = Aquí no hay invitaciones.
console-search = Buscar en tus notas
console-show = Mostrar
console-older = Anteriores
console-by = de
console-until = hasta
console-kind = ¿Para qué?
console-account = Cuenta nueva
console-account-and-contact = Cuenta nueva y contacto
console-contact = Contacto
console-password-reset = Contraseña nueva
console-for = ¿Para quién es? Solo lo ves tú.
console-username = Nombre de usuario (necesario solo para una contraseña nueva)
console-message = Unas palabras para la persona (opcional)
console-uses = ¿Para cuántas personas?
console-days = ¿Válida durante cuántos días?
console-make = Crear invitación
console-wrong = Revisa lo que has escrito.
console-code = Código QR del enlace
console-preview = Ver lo que verá la persona
console-print = Imprimir una hoja
console-made = Creada
console-extend = Siete días más
console-revoke = Retirar
console-restore = Volver a activar
console-since = Desde
console-last-used = último uso
console-this-browser = este navegador
console-end = Cerrar sesión allí
