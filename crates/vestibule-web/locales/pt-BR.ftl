# Portuguese of Brazil (português do Brasil).

## On every page

language = Idioma
imprint = Aviso legal
privacy = Privacidade
joiner = { " " }

## The invitation

invite-title = Convite para { $site }
contact-title = { $inviter } quer conversar com você
reset-title = Nova senha para { $address }
invite-preview = Abra o convite, junte-se a { $site } e comece a conversar.
contact-preview = Abra o convite para adicionar { $inviter } aos seus contatos.
reset-preview = Abra o link para escolher uma nova senha.

join-contact = Assim que aceitar o convite, você encontrará { $inviter } nos seus contatos.
join-about = Envie mensagens e fotos e converse em grupos, com o app que preferir. Como no e-mail, dá para falar também com quem usa outros serviços.
join-name-kept = O endereço { $address } está reservado para você.
join-places = { $count ->
        [one] Este link vale para mais uma pessoa.
       *[other] Este link vale para mais { $count } pessoas.
    }

contact-heading = { $inviter } quer conversar com você
contact-invited = { $address } quer adicionar você aos contatos.
contact-no-account = Ainda não tem uma conta? Instale um app, crie uma conta nele e volte a esta página.
contact-button = Adicionar { $inviter }

reset-heading = Escolha uma nova senha
reset-invited = Este link é só para { $address }. Não compartilhe.
reset-button = Escolher nova senha
reset-app = Ou abrir no seu app

step-app-hint = Já tem um? Então siga para o próximo passo.
step-join = Aceite o convite
join-button = Juntar-se a { $site }
step-account = Crie sua conta
step-account-hint = Leva só um minuto, aqui no navegador. Depois, é só entrar com o app que preferir.
account-button = Criar uma conta
device-choice = Escolher aparelho
device-ios = iPhone ou iPad

qr-heading = Continue no celular
qr-hint = Aponte a câmera do celular para este código.
qr-alt = Código QR que abre esta página

keep-link = Este convite é só para você. Quem tiver o link pode usá-lo, então não compartilhe.
copied = Copiado

## Setting up one app

setup-heading = Configure { $app }
setup-install = Instale { $app }
setup-install-hint = Depois, volte a esta página.
setup-download = Baixar
setup-website = Abrir site
setup-play-hint = Use o botão do Google Play: o app já vai ter o seu convite quando você abrir pela primeira vez.
setup-open = Abrir o convite em { $app }
setup-open-hint = Quando o app estiver instalado, toque neste botão. O app orienta você no resto.
setup-login = Entre
setup-login-hint = Abra { $app } e entre com seu endereço e sua senha.
login-button = Procure “{ $button }” no app.
login-address = O campo “{ $address }” é para o seu endereço.
setup-back = Escolher outro app

app-conversations = O clássico do Android: simples e seguro, para conversar e ligar.
app-yaxim = Pequeno e leve, também para celulares mais antigos.
app-monal = Para iPhone, iPad e Mac, para conversar e ligar.
app-snikket = Fácil de usar, para conversar e ligar.
app-gajim = Completo e personalizável.
app-dino = Visual simples, para conversar e ligar.
app-kaidan = Fácil de usar, para celular e computador.

## Creating the account

register-title = Criar uma conta em { $site }
register-heading = Crie sua conta
register-lead = Escolha um nome de usuário e uma senha. Com eles, você entra em { $site } por qualquer app.
username-label = Nome de usuário
username-hint = Seu endereço será usuario@{ $host }. Pode usar letras, números, pontos e hífens.
address-preview = Seu endereço: { $address }
password-label = Senha
password-hint = Pelo menos { $count } caracteres. Algumas palavras incomuns são fáceis de lembrar e difíceis de adivinhar.
password-keep = Anote a senha ou deixe o navegador salvar: não vamos poder mostrar de novo.
password-show = Mostrar senha
password-suggest = Sugerir uma senha
register-button = Criar conta

strength-weak = Fácil de adivinhar
strength-fair = Pode melhorar
strength-good = Boa
strength-strong = Muito boa

error-heading = Quase lá: corrija o que está marcado abaixo.
error-title = Erro: { $title }
name-empty = Escolha um nome de usuário.
name-invalid = O nome de usuário só pode ter letras, números, pontos e hífens, sem espaços.
name-invalid-try = O nome de usuário só pode ter letras, números, pontos e hífens. Que tal um destes?
name-taken = Esse nome de usuário já está em uso. Tente outro.
name-taken-try = Esse nome de usuário já está em uso. Que tal um destes?
name-not-yours = Este convite é para o nome de usuário { $username }. Use esse.
name-refused = Esse nome de usuário não é permitido aqui. Tente outro.
password-empty = Escolha uma senha.
password-short = Curta demais: use pelo menos { $count } caracteres.
password-long = É longa demais. Escolha uma senha mais curta.
password-weak = Esta senha é fácil de adivinhar. Acrescente mais uma ou duas palavras.
password-forbidden = A senha tem um caractere que não funciona nos apps. Use letras, números, símbolos e espaços.
password-refused = Essa senha não é permitida aqui. Tente outra.
server-says = Resposta do servidor: { $reason }

server-refused-heading = Não deu certo
server-refused = Nada foi alterado e o seu convite continua válido. Tente de novo ou fale com quem enviou o convite.
server-away-heading = Tente de novo daqui a alguns minutos
server-away = Não conseguimos falar com o servidor agora. Nada foi alterado e o seu convite continua válido.
server-unknown-heading = Não sabemos se funcionou
server-unknown = O servidor parou de responder. Tente entrar com o seu app. Se não conseguir, volte a esta página daqui a alguns minutos e tente de novo.
form-foreign-heading = Preencha o formulário de novo
form-foreign = Ele não foi enviado desta página; por segurança, não fizemos nada. Abra o seu convite e preencha o formulário que está lá.
busy-heading = Alguém está se registrando com este convite neste momento
busy = Tente de novo daqui a um minuto.
account-exists-heading = Este endereço já tem uma conta
account-exists = Se { $address } é seu, entre com o seu app. Se esqueceu a senha, peça a quem enviou o convite um link para escolher uma nova.
no-account-heading = Esta conta não existe
no-account = Não existe uma conta { $address }. Fale com quem enviou este link.
bound-name-refused-heading = Esse nome de usuário não é permitido aqui
bound-name-refused = Este convite é só para { $address }, e esse nome de usuário não é permitido aqui. Peça um novo convite a quem enviou este.
server-setup-heading = O servidor ainda não está pronto para isso
server-setup = Ele ainda não está configurado para convites, então tentar de novo não vai ajudar. Avise quem enviou o link. Nada foi alterado e o link continua válido.
server-encryption = Esta página e o servidor não se entendem sobre a criptografia, então tentar de novo aqui não vai ajudar. Abra o link em um app e avise quem o enviou. Nada foi alterado e o link continua válido.
server-field = De todos que se registram, ele pede algo que esta página não pode enviar: { $field }. Avise quem enviou o link. Nada foi alterado e o link continua válido.

## When the account is there

welcome-title = Boas-vindas a { $site }
youre-in = Tudo pronto, { $name }!
in-contacts = { $inviter } já está nos seus contatos.
are-in-groups = { $count ->
        [one] Você está no grupo { $groups }.
       *[other] Você está nos grupos { $groups }.
    }
your-address = Seu endereço
your-password = Sua senha
copy = Copiar
password-shown-once = A senha só aparece desta vez.
password-yours = Use a senha que você escolheu.
save-card = Salvar como cartão para imprimir
say-hello = Diga oi
write-to = Escrever para { $inviter }
log-in-with = Entrar com { $app }
other-device = Em outro aparelho também
other-device-hint = Instale um app nele e entre com o mesmo endereço e a mesma senha. Alguns apps também podem ler este código:
credentials-qr = Código QR com seu endereço e sua senha
keep-private = Quem vir este código pode entrar na sua conta.
welcome-login = Abra o app e entre com seu endereço e sua senha.
welcome-choose = Escolher um app
welcome-webchat = Conversar no navegador

reset-form-heading = Nova senha
reset-form-lead = Para a sua conta { $address }
reset-form-button = Salvar senha
reset-done-heading = Sua senha foi alterada
reset-done = A partir de agora, use a nova senha para { $address }. Seus apps vão pedir por ela.

## When an invitation does not work

unknown-heading = Convite não encontrado
unknown-what = Não conhecemos este convite. Talvez o link não tenha sido copiado por inteiro.
expired-heading = Convite expirado
expired-what = Este convite só valia por tempo limitado.
used-heading = Convite já usado
used-what = Alguém já entrou com este convite. Foi você?
used-advice = Se foi você, abra o seu app e entre com a senha que escolheu primeiro. Se não, peça um novo convite a quem enviou este.
revoked-heading = Convite cancelado
revoked-what = Ele não vale mais.
new-link-advice = Peça um novo convite a quem enviou este.
reset-expired-heading = Link expirado
reset-expired-what = Links para uma nova senha só funcionam por tempo limitado.
reset-used-heading = Link já usado
reset-used-what = Uma nova senha já foi definida com este link. Foi você?
reset-used-advice = Se foi você, entre com a senha que escolheu primeiro. Se não, peça um novo link a quem enviou este.
reset-revoked-heading = Este link não vale mais
reset-revoked-what = Talvez você tenha recebido um link mais novo. Nesse caso, use esse.
reset-new-link-advice = Peça um novo link a quem enviou este.
invited-by = { $inviter } convidou você para { $site }.
ask-again = Pedir um novo convite a { $inviter }
ask-again-operator = Pedir um novo convite
ask-again-reset = Pedir um novo link
asked-heading = Já passamos o recado
asked = Assim que o seu convite for renovado, este mesmo link volta a funcionar.
asked-reset = Assim que o seu link for renovado, ele volta a funcionar.

already-joined = Já entrei
joined-heading = Foi você? Então está tudo pronto!
joined = Alguém entrou com este convite. Se foi você, continue conversando no seu app; você pode fechar esta página.
joined-not-you = Não foi você?
not-joined-heading = Ainda não apareceu aqui
not-joined = Ninguém entrou com este convite até agora. Termine de criar a sua conta e verifique de novo.
check-again = Verificar de novo
back-to-invitation = Voltar ao convite

missing-heading = Página não encontrada
missing-what = Não existe nenhuma página neste endereço.
missing-advice = Se abriu um convite, verifique se o link foi copiado por inteiro.

wait-heading = Aguarde um momento
wait-what = Muitos links de convite errados foram abertos a partir da sua rede.
wait-advice = Recarregue esta página daqui a um minuto. Se abriu um convite, verifique se o link foi copiado por inteiro.

trouble-heading = Algo deu errado
trouble-what = Não conseguimos abrir o seu convite agora, mas ele não se perdeu.
trouble-advice = Recarregue esta página daqui a um minuto.
try-again = Tentar de novo

## The first page, redesigned

invited-by-heading = { $inviter } convidou você para conversar
invited-heading = Você recebeu um convite para conversar em { $site }
invited-by-title = { $inviter } convidou você para { $site }
promise-free = Grátis
promise-no-phone = Sem número de telefone
promise-no-ads = Sem anúncios
get-app = Baixar { $app }
app-costs = Pago nesta loja
app-for-device = O app para { $device }
in-browser = No navegador, sem app
installed-open = Já instalou? Abra o convite
nothing-happens = Tocou e nada aconteceu?
other-ways = Outro app, outro aparelho ou no navegador
works-once-until = Só para você · vale até { $date }
works-many-until = { $count ->
        [one] Para mais uma pessoa · vale até { $date }
       *[other] Para mais { $count } pessoas · vale até { $date }
    }
works-for-all-until = Para quem tiver este link · vale até { $date }
expires-soon = Não espere: só vale até { $date }.
in-groups = { $count ->
        [one] Você vai estar no grupo { $groups }.
       *[other] Você vai estar nos grupos { $groups }.
    }
rescue-install = O botão só funciona com { $app } instalado. Instale o app, volte a esta página e toque em “Abra o convite”.
rescue-in-app = Você abriu esta página dentro de outro app, como um de mensagens? Abra no navegador: toque no menu no canto da tela e depois em “Abrir no navegador”.
rescue-paste = Ou copie este endereço e cole no app:
rescue-browser = Ou deixe o app para depois e crie sua conta no navegador.
show-qr = Em outro celular ou tablet? Aponte a câmera dele para este código.
who-runs = Quem mantém este serviço?
list-separator = { ", " }
app-siskin = Completo, com chamadas.
front-link = Link do seu convite
front-open = Abrir o convite
front-account = Já tem uma conta?
to-front = Ir para a página inicial
sheet-print = Imprimir
help-someone = Está ajudando outra pessoa? Imprima uma folha
front-what = Converse com a família e os amigos em { $site }.
front-invitation = Para entrar, é preciso um convite. Peça um a alguém que já está aqui.
front-have-link = Tem um convite? Abra o link de novo ou leia o código.
sheet-title = Começar a conversar em { $site }
sheet-for = Para quem vai ajudar
sheet-step-install = Instale { $app }.
sheet-step-scan = Aponte a câmera do celular para este código e abra a página.
sheet-step-open = Toque em “Abra o convite” e depois escolha um nome de usuário e uma senha.
sheet-step-first = Envie uma primeira mensagem para { $inviter }.
sheet-address = Endereço
sheet-password = Senha
sheet-help = Para quem ligar se precisar de ajuda

console-heading = Administração de { $site }
console-overview = Visão geral
console-invites = Convites
console-new = Novo convite
console-sessions = Navegadores conectados
console-log-in = Entrar
console-log-out = Sair
console-login-heading = Entrar na administração
console-login-what = Este link funciona uma única vez. Use-o só se você mesmo o criou.
console-link-over-heading = Este link de acesso não funciona mais
console-link-over-what = Um link de acesso funciona uma vez, por 15 minutos.
console-out-heading = Você não está conectado
console-out-what = O acesso termina depois de 12 horas, ou após 30 minutos sem uso.
console-how = Este comando no servidor cria um link de acesso:
console-old-form-heading = Esta página ficou aberta por tempo demais
console-old-form-what = Nada foi alterado. Volte, recarregue a página e tente de novo.
console-pending = Aberto
console-used = Usado
console-expired = Vencido
console-revoked = Retirado
console-all = Todos
console-asked = Pede um novo link
console-pending-count = Convites abertos
console-asked-count = Pedem um novo link
console-joined-count = Entraram nos últimos sete dias
console-joined = Entraram
console-nobody = Ninguém ainda.
console-empty = Não há convites aqui.
console-search = Procurar nas suas anotações
console-show = Mostrar
console-older = Mais antigos
console-by = de
console-until = até
console-kind = Para quê?
console-account = Conta nova
console-account-and-contact = Conta nova e contato
console-contact = Contato
console-password-reset = Senha nova
console-for = Para quem é? Só você vê isto.
console-username = Nome de usuário (necessário só para uma senha nova)
console-message = Algumas palavras para a pessoa (opcional)
console-uses = Para quantas pessoas?
console-days = Válido por quantos dias?
console-make = Criar convite
console-wrong = Confira o que você digitou.
console-code = Código QR do link
console-preview = Ver o que a pessoa vai ver
console-print = Imprimir uma folha
console-made = Criado
console-extend = Mais sete dias
console-revoke = Retirar
console-restore = Tornar válido de novo
console-since = Desde
console-last-used = último uso
console-this-browser = este navegador
console-end = Sair lá
