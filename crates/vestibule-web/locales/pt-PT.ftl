# Portuguese of Portugal (português de Portugal), third person, without "você".

## On every page

language = Idioma
imprint = Aviso legal
privacy = Privacidade
joiner = { " " }

## The invitation

invite-title = Convite para { $site }
contact-title = { $inviter } quer conversar consigo
reset-title = Nova palavra-passe para { $address }
invite-preview = Abra o seu convite, adira a { $site } e comece a conversar.
contact-preview = Abra o convite para adicionar { $inviter } aos seus contactos.
reset-preview = Abra a ligação para escolher uma nova palavra-passe.

join-contact = Assim que aceitar o convite, { $inviter } estará nos seus contactos.
join-about = Envie mensagens e fotografias e converse em grupos, com a app que preferir. Tal como no e-mail, também pode falar com quem usa outros serviços.
join-name-kept = O endereço { $address } está reservado para si.
join-places = { $count ->
        [one] Esta ligação é válida para mais uma pessoa.
       *[other] Esta ligação é válida para mais { $count } pessoas.
    }

contact-heading = { $inviter } quer conversar consigo
contact-invited = { $address } quer adicionar este contacto.
contact-no-account = Ainda não tem conta? Instale uma app, crie nela uma conta e volte a esta página.
contact-button = Adicionar { $inviter }

reset-heading = Escolha uma nova palavra-passe
reset-invited = Esta ligação é só para { $address }. Não a partilhe.
reset-button = Escolher nova palavra-passe
reset-app = Ou abrir na sua app

step-app-hint = Já tem uma? Avance para o passo seguinte.
step-join = Aceite o convite
join-button = Aderir a { $site }
step-account = Crie a sua conta
step-account-hint = Demora um minuto, aqui mesmo no navegador. Depois, inicie sessão com a app que preferir.
account-button = Criar conta
device-choice = Escolher dispositivo
device-ios = iPhone ou iPad

qr-heading = Continue no telemóvel
qr-hint = Aponte a câmara do telemóvel para este código.
qr-alt = Código QR que abre esta página

keep-link = Este convite é só para si. Quem tiver a ligação pode usá-lo; por isso, não a partilhe.
copied = Copiado

## Setting up one app

setup-heading = Configurar { $app }
setup-install = Instale { $app }
setup-install-hint = Depois, volte a esta página.
setup-download = Transferir
setup-website = Abrir o sítio
setup-play-hint = Use o botão do Google Play: a app já terá o seu convite quando a abrir pela primeira vez.
setup-open = Abrir o convite em { $app }
setup-open-hint = Quando a app estiver instalada, toque neste botão. A app indica os passos seguintes.
setup-login = Inicie sessão
setup-login-hint = Abra { $app } e inicie sessão com o seu endereço e a sua palavra-passe.
login-button = Procure «{ $button }» na app.
login-address = O campo «{ $address }» é para o seu endereço.
setup-back = Escolher outra app

app-conversations = O clássico do Android: simples e seguro, para conversar e telefonar.
app-yaxim = Pequena e leve, também para telemóveis mais antigos.
app-monal = Para iPhone, iPad e Mac, para conversar e telefonar.
app-snikket = Fácil de usar, para conversar e telefonar.
app-gajim = Completa e personalizável.
app-dino = Simples e clara, para conversar e telefonar.
app-kaidan = Fácil de usar, em telemóvel e computador.

## Creating the account

register-title = Criar uma conta em { $site }
register-heading = Crie a sua conta
register-lead = Escolha um nome de utilizador e uma palavra-passe. Servem para { $site }, em qualquer app.
username-label = Nome de utilizador
username-hint = O seu endereço será utilizador@{ $host }. Pode usar letras, números, pontos e hífenes.
address-preview = O seu endereço: { $address }
password-label = Palavra-passe
password-hint = Use pelo menos { $count } caracteres. Algumas palavras invulgares são fáceis de lembrar e difíceis de adivinhar.
password-keep = Anote-a ou deixe o navegador guardá-la: não vamos poder mostrá-la novamente.
password-show = Mostrar palavra-passe
password-suggest = Sugerir uma palavra-passe
register-button = Criar conta

strength-weak = Fácil de adivinhar
strength-fair = Pode ser melhor
strength-good = Boa
strength-strong = Muito boa

error-heading = Está quase: corrija o que está assinalado abaixo.
error-title = Erro: { $title }
name-empty = Escolha um nome de utilizador.
name-invalid = O nome de utilizador só pode ter letras, números, pontos e hífenes, sem espaços.
name-invalid-try = O nome de utilizador só pode ter letras, números, pontos e hífenes. Que tal um destes?
name-taken = Esse nome de utilizador já está a ser usado. Tente outro.
name-taken-try = Esse nome de utilizador já está a ser usado. Que tal um destes?
name-not-yours = Este convite é para o nome de utilizador { $username }. Use esse.
name-refused = Esse nome de utilizador não é permitido aqui. Tente outro.
password-empty = Escolha uma palavra-passe.
password-short = Demasiado curta: use pelo menos { $count } caracteres.
password-long = Demasiado longa: escolha uma palavra-passe mais curta.
password-weak = Esta palavra-passe é fácil de adivinhar. Acrescente mais uma ou duas palavras.
password-forbidden = A palavra-passe tem um carácter que não funciona nas apps. Use letras, números, símbolos e espaços.
password-refused = Essa palavra-passe não é permitida aqui. Tente outra.
server-says = Resposta do servidor: { $reason }

server-refused-heading = Não resultou
server-refused = Nada foi alterado e o seu convite continua válido. Tente novamente ou fale com quem lhe enviou o convite.
server-away-heading = Tente novamente daqui a alguns minutos
server-away = Não conseguimos contactar o servidor neste momento. Nada foi alterado e o seu convite continua válido.
server-unknown-heading = Não sabemos se resultou
server-unknown = O servidor deixou de responder. Tente iniciar sessão com a sua app. Se não conseguir, volte a esta página daqui a alguns minutos e tente novamente.
form-foreign-heading = Preencha novamente o formulário
form-foreign = Não foi enviado a partir desta página; por segurança, não fizemos nada. Abra o seu convite e preencha o formulário que lá está.
busy-heading = Alguém está a registar-se com este convite neste momento
busy = Tente novamente daqui a um minuto.
account-exists-heading = Este endereço já tem uma conta
account-exists = Se { $address } é seu, inicie sessão com a sua app. Se se esqueceu da palavra-passe, peça a quem lhe enviou o convite uma ligação para escolher uma nova.
no-account-heading = Esta conta não existe
no-account = Não existe uma conta { $address }. Fale com quem lhe enviou esta ligação.
bound-name-refused-heading = Esse nome de utilizador não é permitido aqui
bound-name-refused = Este convite é só para { $address }, e esse nome de utilizador não é permitido aqui. Peça um novo convite a quem lhe enviou este.
server-setup-heading = O servidor ainda não está preparado
server-setup = Ainda não está configurado para convites, por isso não adianta tentar novamente. Avise quem lhe enviou a ligação. Nada foi alterado e a ligação continua válida.
server-encryption = Esta página e o servidor não se entendem quanto à cifragem, por isso não adianta tentar novamente aqui. Abra a ligação numa app e avise quem lha enviou. Nada foi alterado e a ligação continua válida.
server-field = Pede a todas as pessoas que se registam algo que esta página não pode enviar: { $field }. Avise quem lhe enviou a ligação. Nada foi alterado e a ligação continua válida.

## When the account is there

welcome-title = Damos-lhe as boas-vindas a { $site }
youre-in = Está tudo pronto, { $name }!
in-contacts = { $inviter } já está nos seus contactos.
are-in-groups = { $count ->
        [one] Está no grupo { $groups }.
       *[other] Está nos grupos { $groups }.
    }
your-address = O seu endereço
your-password = A sua palavra-passe
copy = Copiar
password-shown-once = A palavra-passe só é mostrada desta vez.
password-yours = Use a palavra-passe que escolheu.
save-card = Guardar como cartão para imprimir
say-hello = Diga olá
write-to = Escrever a { $inviter }
log-in-with = Iniciar sessão com { $app }
other-device = Também noutro dispositivo
other-device-hint = Instale aí uma app e inicie sessão com o mesmo endereço e a mesma palavra-passe. Algumas apps também podem ler este código:
credentials-qr = Código QR com o seu endereço e a sua palavra-passe
keep-private = Quem vir este código pode iniciar sessão na sua conta.
welcome-login = Abra a app e inicie sessão com o seu endereço e a sua palavra-passe.
welcome-choose = Escolher uma app
welcome-webchat = Conversar no navegador

reset-form-heading = Nova palavra-passe
reset-form-lead = Para a sua conta { $address }
reset-form-button = Guardar palavra-passe
reset-done-heading = A sua palavra-passe foi alterada
reset-done = A partir de agora, use a nova palavra-passe para { $address }. As suas apps vão pedi-la.

## When an invitation does not work

unknown-heading = Convite não encontrado
unknown-what = Pode faltar uma parte da ligação. Verifique se a copiou por inteiro.
expired-heading = O convite expirou
expired-what = Este convite só era válido por tempo limitado.
used-heading = O convite já foi usado
used-what = Alguém já aderiu com este convite. Foi o seu caso?
used-advice = Se sim, abra a sua app e inicie sessão com a palavra-passe que escolheu primeiro. Se não, peça um novo convite a quem lhe enviou este.
revoked-heading = O convite foi cancelado
revoked-what = Já não é válido.
new-link-advice = Peça um novo convite a quem lhe enviou este.
reset-expired-heading = A ligação expirou
reset-expired-what = As ligações para uma nova palavra-passe só funcionam por tempo limitado.
reset-used-heading = A ligação já foi usada
reset-used-what = Com esta ligação já foi definida uma nova palavra-passe. Foi por si?
reset-used-advice = Se sim, inicie sessão com a palavra-passe que escolheu primeiro. Se não, peça uma nova ligação a quem lhe enviou esta.
reset-revoked-heading = Esta ligação já não é válida
reset-revoked-what = Talvez tenha recebido uma ligação mais recente. Nesse caso, use essa.
reset-new-link-advice = Peça uma nova ligação a quem lhe enviou esta.
invited-by = { $inviter } enviou-lhe um convite para { $site }.
ask-again = Pedir um novo convite a { $inviter }
ask-again-operator = Pedir um novo convite
ask-again-reset = Pedir uma nova ligação
asked-heading = Já transmitimos o pedido
asked = Assim que o seu convite for renovado, esta mesma ligação volta a funcionar.
asked-reset = Assim que a sua ligação for renovada, volta a funcionar.

already-joined = Já aderi
joined-heading = Foi o seu caso? Então está tudo pronto!
joined = Alguém aderiu com este convite. Se foi o seu caso, continue a conversar na sua app; pode fechar esta página.
joined-not-you = Não foi o seu caso?
not-joined-heading = Ainda não aparece aqui
not-joined = Até agora, ninguém aderiu com este convite. Termine de criar a sua conta e verifique de novo.
check-again = Verificar de novo
back-to-invitation = Voltar ao convite

missing-heading = Página não encontrada
missing-what = Não existe nenhuma página neste endereço.
missing-advice = Se abriu um convite, verifique se copiou a ligação por inteiro.

wait-heading = Aguarde um momento
wait-what = Foram abertas demasiadas ligações de convite erradas a partir da sua rede.
wait-advice = Tente novamente daqui a um minuto. Se abriu um convite, verifique se copiou a ligação por inteiro.

trouble-heading = Algo correu mal
trouble-what = Não conseguimos abrir o seu convite neste momento, mas ele não se perdeu.
trouble-advice = Volte a carregar esta página daqui a um minuto.
try-again = Tentar novamente

## The first page, redesigned

invited-by-heading = { $inviter } enviou-lhe um convite para conversar
invited-heading = Tem um convite para conversar em { $site }
invited-by-title = { $inviter } enviou-lhe um convite para { $site }
promise-free = Grátis
promise-no-phone = Sem número de telefone
promise-no-ads = Sem publicidade
get-app = Instalar { $app }
app-costs = Paga nesta loja
app-for-device = A app para { $device }
in-browser = No navegador, sem app
installed-open = Já está instalada? Abra o convite
nothing-happens = Tocou e não aconteceu nada?
other-ways = Outra app, outro dispositivo ou no navegador
works-once-until = Só para si · válido até { $date }
works-many-until = { $count ->
        [one] Para mais uma pessoa · válido até { $date }
       *[other] Para mais { $count } pessoas · válido até { $date }
    }
works-for-all-until = Para quem tiver esta ligação · válido até { $date }
expires-soon = Não espere: só é válido até { $date }.
in-groups = { $count ->
        [one] Vai estar no grupo { $groups }.
       *[other] Vai estar nos grupos { $groups }.
    }
rescue-install = O botão só funciona se a app { $app } estiver instalada. Instale-a, volte a esta página e toque em «Abra o convite».
rescue-in-app = Abriu esta página dentro de outra app, como uma de mensagens? Abra-a no navegador: toque no menu no canto do ecrã e depois em «Abrir no navegador».
rescue-paste = Ou copie este endereço e cole-o na app:
rescue-browser = Ou deixe a app para depois e crie a sua conta no navegador.
show-qr = Noutro telemóvel ou tablet? Aponte a câmara dele para este código.
who-runs = Quem gere este serviço?
list-separator = { ", " }
app-siskin = Completa, com chamadas.
front-link = Ligação do seu convite
front-open = Abrir o convite
front-account = Já tem uma conta?
to-front = Ir para a página inicial
sheet-print = Imprimir
help-someone = Está a ajudar outra pessoa? Imprima uma folha
front-what = Converse com a família e os amigos em { $site }.
front-invitation = Para aderir, é preciso um convite. Peça um a alguém que já cá esteja.
front-have-link = Tem um convite? Abra novamente a ligação ou leia o código.
sheet-title = Começar a conversar em { $site }
sheet-for = Para quem vai ajudar
sheet-step-install = Instale { $app }.
sheet-step-scan = Aponte a câmara do telemóvel para este código e abra a página.
sheet-step-open = Toque em «Abra o convite» e depois escolha um nome de utilizador e uma palavra-passe.
sheet-step-first = Envie uma primeira mensagem a { $inviter }.
sheet-address = Endereço
sheet-password = Palavra-passe
sheet-help = A quem telefonar para pedir ajuda

console-heading = Administração de { $site }
console-overview = Visão geral
console-invites = Convites
console-new = Novo convite
console-sessions = Navegadores com sessão iniciada
console-log-in = Iniciar sessão
console-log-out = Terminar sessão
console-login-heading = Iniciar sessão na administração
console-login-what = Esta ligação funciona uma única vez. Use-a apenas se a criou.
console-link-over-heading = Esta ligação de acesso já não funciona
console-link-over-what = Uma ligação de acesso funciona uma vez, durante 15 minutos.
console-out-heading = Não tem sessão iniciada
console-out-what = A sessão termina após 12 horas, ou após 30 minutos sem utilização.
console-how = Este comando no servidor cria uma ligação de acesso:
console-old-form-heading = Esta página esteve aberta demasiado tempo
console-old-form-what = Nada foi alterado. Volte atrás, recarregue a página e tente novamente.
console-pending = Aberto
console-used = Usado
console-expired = Expirado
console-revoked = Retirado
console-all = Todos
console-asked = Pede uma nova ligação
console-pending-count = Convites abertos
console-asked-count = Pedem uma nova ligação
console-joined-count = Entraram nos últimos sete dias
console-joined = Entraram
console-nobody = Ainda ninguém.
console-empty = Não há convites aqui.
console-search = Procurar nas suas notas
console-show = Mostrar
console-older = Mais antigos
console-by = de
console-until = até
console-kind = Para quê?
console-account = Conta nova
console-account-and-contact = Conta nova e contacto
console-contact = Contacto
console-password-reset = Palavra-passe nova
console-for = Para quem é? Só é visível para si.
console-username = Nome de utilizador (necessário apenas para uma palavra-passe nova)
console-message = Algumas palavras para a pessoa (facultativo)
console-uses = Para quantas pessoas?
console-days = Válido por quantos dias?
console-make = Criar convite
console-wrong = Verifique o que escreveu.
console-code = Código QR da ligação
console-preview = Ver o que a pessoa vai ver
console-print = Imprimir uma folha
console-made = Criado
console-extend = Mais sete dias
console-revoke = Retirar
console-restore = Tornar válido outra vez
console-since = Desde
console-last-used = última utilização
console-this-browser = este navegador
console-end = Terminar sessão aí
