# Portuguese (português), Brazilian spelling, readable in Portugal too.

## On every page

language = Idioma
imprint = Aviso legal
privacy = Privacidade

## The invitation

invite-title = Convite para { $site }
contact-title = { $inviter } quer conversar com você
reset-title = Nova senha para { $address }
invite-preview = Abra o convite, junte-se a { $site } e comece a conversar.
contact-preview = Abra o convite para adicionar { $inviter } aos seus contatos.
reset-preview = Abra o link para escolher uma nova senha.

join-heading = Junte-se a { $site }
join-invited-by = { $inviter } enviou um convite para você conversar em { $site }.
join-invited = Você recebeu um convite para conversar em { $site }.
join-contact = Assim que aceitar o convite, você encontrará { $inviter } nos seus contatos.
join-about = Escreva mensagens, envie fotos, converse em grupos. Você escolhe o app de que mais gosta e também pode conversar com pessoas de outros servidores da rede aberta XMPP.
join-name-kept = O endereço { $address } está reservado para você.
join-places = { $count ->
        [one] Este link vale para mais uma pessoa.
       *[other] Este link vale para mais { $count } pessoas.
    }

contact-heading = { $inviter } quer conversar com você
contact-invited = { $address } gostaria de estar nos seus contatos.
contact-no-account = Ainda não tem uma conta? Escolha um app, crie nele uma conta em qualquer provedor da rede XMPP e depois volte a esta página.
contact-button = Adicionar { $inviter }

reset-heading = Escolha uma nova senha
reset-invited = Este link é para a pessoa a quem pertence { $address }.
reset-button = Escolher uma nova senha
reset-app = Ou abrir em um app

step-app = Escolha um app
step-app-hint = Já tem um? Então siga para o próximo passo.
step-join = Junte-se à conversa
step-join-hint = Quando o app estiver instalado, volte a esta página e toque no botão.
join-button = Juntar-se a { $site }
step-account = Crie sua conta
step-account-hint = Leva só um minuto, aqui no navegador. Depois, faça login com o app que preferir.
account-button = Criar uma conta
account-instead = Prefere criar sua conta aqui, no navegador?
app-instead = Tem um app que abre convites?
device-choice = Apps para
device-apps = Apps para { $device }

qr-heading = Continue no telefone
qr-hint = Aponte a câmera para este código.
qr-alt = Código QR com o link para esta página

valid-until = Válido até { $time }.
keep-link = O convite é para você. Quem tiver este link pode usá-lo.
copy-link = Copiar link
copied = Copiado

## Setting up one app

setup-heading = Configure { $app }
setup-install = Instale { $app }
setup-install-hint = Depois, volte a esta página.
setup-download = Download
setup-website = Site
setup-play-hint = Se instalar pelo botão Google Play, o app já conhecerá o seu convite quando for aberto pela primeira vez.
setup-open = Abrir o convite em { $app }
setup-open-hint = Quando o app estiver instalado, toque neste botão. O app faz o resto.
setup-login = Faça login
setup-login-hint = Abra { $app } e faça login com seu novo endereço e sua senha.
setup-back = Escolher outro app

app-conversations = O clássico do Android: simples, seguro, com chamadas.
app-yaxim = Pequeno e leve, também para telefones mais antigos.
app-monal = Para iPhone, iPad e Mac, com chamadas.
app-snikket = Fácil de usar, com chamadas.
app-gajim = Completo e personalizável.
app-dino = Limpo e simples, com chamadas.
app-kaidan = Agradável, para telefones e computadores.

## Creating the account

register-title = Criar uma conta em { $site }
register-heading = Crie sua conta
register-lead = Escolha um nome e uma senha. Eles valem em { $site }, com qualquer app.
username-label = Nome de usuário
username-hint = Seu endereço será nome@{ $host }. Pode usar letras, números, pontos e hífens.
address-preview = Seu endereço: { $address }
password-label = Senha
password-hint = Pelo menos { $count } caracteres. Algumas palavras incomuns são fáceis de lembrar e difíceis de adivinhar.
password-keep = Anote a senha ou deixe o navegador salvar: não será possível consultá-la depois.
password-show = Mostrar senha
password-suggest = Sugerir uma senha
register-button = Criar conta

strength-weak = Fácil de adivinhar
strength-fair = Pode melhorar
strength-good = Boa
strength-strong = Muito boa

error-heading = Quase lá: corrija o que está marcado abaixo.
error-title = Erro: { $title }
name-empty = Escolha um nome.
name-invalid = Este nome de usuário não é válido. Use letras, números, pontos e hífens, sem espaços.
name-invalid-try = O nome de usuário só pode ter letras, números, pontos e hífens. Que tal um destes?
name-taken = Este nome já está em uso. Escolha outro.
name-taken-try = Esse nome de usuário já está em uso. Que tal um destes?
name-not-yours = Este convite é para { $username }. Use esse nome.
name-refused = O servidor não permite este nome. Escolha outro.
password-empty = Escolha uma senha.
password-short = Curta demais: use pelo menos { $count } caracteres.
password-long = Longa demais: use no máximo { $count } caracteres.
password-weak = Esta senha é fácil de adivinhar. Acrescente mais uma ou duas palavras.
password-forbidden = Ela tem um caractere que os apps não conseguem enviar. Use letras, números, sinais e espaços.
password-refused = O servidor não permite esta senha. Escolha outra.
server-says = O servidor diz: { $reason }

server-refused-heading = Não deu certo
server-refused = Nada foi alterado e o seu convite continua válido. Tente de novo ou fale com quem enviou o convite.
server-away-heading = Tente de novo daqui a alguns minutos
server-away = Não é possível falar com o servidor neste momento. Nada foi alterado e o seu convite continua válido.
server-unknown-heading = Não sabemos se funcionou
server-unknown = O servidor parou de responder justamente nesse momento. Tente fazer login com o seu app. Se não conseguir, volte a esta página daqui a alguns minutos e tente de novo.
form-foreign-heading = Envie o formulário de novo
form-foreign = Ele não veio desta página, por isso nada foi feito. Abra o seu convite de novo e preencha o formulário que está lá.
busy-heading = Alguém está se registrando com este convite neste momento
busy = Tente de novo daqui a um minuto.
account-exists-heading = Este endereço já tem uma conta
account-exists = Se { $address } é seu, faça login com o seu app. Se esqueceu a senha, peça a quem enviou o convite um link para escolher uma nova.
no-account-heading = Esta conta não existe
no-account = Não existe uma conta { $address }. Fale com quem enviou este link.
bound-name-refused-heading = O servidor não aceita este nome
bound-name-refused = Este convite é só para { $address }, e o servidor não permite esse nome. Peça um novo convite a quem enviou este.
server-setup-heading = O servidor ainda não está pronto para isso
server-setup = Ele ainda não está configurado para convites, então tentar de novo não vai ajudar. Avise quem enviou o link. Nada foi alterado e o link continua válido.
server-encryption = Esta página e o servidor não chegam a acordo sobre a criptografia, então tentar de novo aqui não vai ajudar. Abra o link em um aplicativo e avise quem o enviou. Nada foi alterado e o link continua válido.
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
welcome-login = Abra o app e faça login com seu endereço e sua senha.
welcome-choose = Escolher um app
welcome-webchat = Conversar no navegador

reset-form-heading = Nova senha
reset-form-lead = Para a sua conta { $address }.
reset-form-button = Salvar nova senha
reset-done-heading = Sua nova senha está pronta
reset-done = A partir de agora, faça login em { $address } com a nova senha. Seus apps vão pedir essa senha.

## When an invitation does not work

unknown-heading = Convite não encontrado
unknown-what = Não conhecemos este convite. Talvez o link não tenha sido copiado por inteiro.
expired-heading = Convite expirado
expired-what = Este convite valia por tempo limitado, que já acabou.
used-heading = Convite já usado
used-what = Alguém já usou este convite, talvez você.
used-advice = Se foi você, abra o seu app e faça login com a senha que escolheu primeiro. Se não, peça um novo link a quem enviou o convite.
revoked-heading = Convite cancelado
revoked-what = Este convite foi cancelado e não vale mais.
new-link-advice = Peça um novo link a quem enviou o convite.
reset-expired-heading = Link expirado
reset-expired-what = Links para uma nova senha só funcionam por tempo limitado.
reset-used-heading = Link já usado
reset-used-what = Uma nova senha já foi definida com este link, talvez por você.
reset-used-advice = Se foi você, faça login com a senha que escolheu primeiro. Se não, peça um novo link a quem enviou este.
reset-revoked-heading = Este link não vale mais
reset-revoked-what = Talvez você tenha recebido um link mais novo. Nesse caso, use esse.
reset-new-link-advice = Peça um novo link a quem enviou este.

missing-heading = Não há nada aqui
missing-what = Não existe nenhuma página neste endereço.
missing-advice = Se abriu um convite, verifique se o link foi copiado por inteiro.

wait-heading = Aguarde um momento
wait-what = A partir da sua conexão à internet, houve tentativas demais de abrir convites que não conhecemos.
wait-advice = Recarregue esta página daqui a um minuto. Se abriu um convite, verifique se o link foi copiado por inteiro.

trouble-heading = Tente de novo
trouble-what = Não conseguimos abrir o seu convite neste momento. Ele não se perdeu.
trouble-advice = Recarregue esta página daqui a um minuto.
