# The words of the pages. English is the source: every other language has exactly the same messages, with the same
# variables. docs/translating.md tells how to change a text or add a language.
#
# Readers are people who never heard of XMPP, on a phone: short sentences, no technical words.
#
# $site: what the operator calls the service, for example "Example Chat" or "example.com".
# $inviter, $username: names of people, for example "ann".
# $address: an address such as ann@example.com.
# $app: the name of an app, for example "Conversations".
# $device: "Android", "iPhone / iPad", "Windows", "Mac" or "Linux".

## On every page

# The label of the list of languages.
language = Language
# Links at the foot of the page, if the operator gives them.
imprint = Legal notice
privacy = Privacy

## The invitation

# The title of the browser's tab, and of the preview that messengers show of the link.
invite-title = Invitation to { $site }
contact-title = { $inviter } wants to chat with you
reset-title = New password for { $address }
# The text below the title in a preview.
invite-preview = Open the invitation to join { $site } and start chatting.
contact-preview = Open the invitation to add { $inviter } to your contacts.
reset-preview = Open the link to choose a new password.

join-heading = Join { $site }
join-invited-by = { $inviter } invites you to chat on { $site }.
join-invited = You are invited to chat on { $site }.
join-contact = As soon as you have joined, you and { $inviter } are in contact.
join-about = Write messages, send pictures, talk in groups. You choose the app you like, and you can also chat with people on other servers of the open XMPP network.
join-name-kept = The address { $address } is kept for you.
join-places = { $count ->
        [one] This link works for one more person.
       *[other] This link works for { $count } more people.
    }

contact-heading = { $inviter } wants to chat with you
contact-invited = { $address } would like to be in your contacts.
contact-no-account = No account yet? Choose an app, make an account in it with any provider of the XMPP network, then come back to this page.
contact-button = Add { $inviter }

reset-heading = Choose a new password
reset-invited = This link is for the owner of { $address }.
reset-button = Choose a new password
reset-app = Or open it in an app

# The steps of joining. The button is below the text.
step-app = Get an app
step-app-hint = You have one already? Then go on with the next step.
step-join = Join
step-join-hint = Come back to this page when the app is installed, and tap the button.
join-button = Join { $site }
step-account = Create your account
step-account-hint = It takes a minute, here in your browser. Then you log in with the app of your choice.
account-button = Create an account
# Where there is an app that knows invitations, making the account here is the other way.
account-instead = You would rather create your account here, in the browser?
# Where no app on this device knows invitations.
app-instead = You have an app that can open invitations?
# The list of devices, to correct the choice: "Apps for: Android  iPhone / iPad  Windows ..."
device-choice = Apps for
device-apps = Apps for { $device }

qr-heading = Continue on your phone
qr-hint = Scan this code with the camera.
qr-alt = A QR code with the link to this page

valid-until = Valid until { $time }.
keep-link = This link is meant for you. Whoever has it can use it.
copy-link = Copy link
copied = Copied

## Setting up one app

setup-heading = Set up { $app }
setup-install = Install { $app }
setup-install-hint = Then come back to this page.
# Names of shops are not translated; this is the button where there is no shop.
setup-download = Download
setup-website = Website
setup-play-hint = If you install it with the Google Play button, the app knows your invitation when you open it for the first time.
setup-open = Open the invitation in { $app }
setup-open-hint = When the app is installed, tap this button. The app does the rest.
setup-login = Log in
setup-login-hint = Open { $app } and log in with your new address and password.
setup-back = Choose another app

# What is said of the apps of the built-in list.
app-conversations = The classic on Android: simple, secure, with calls.
app-yaxim = Small and light, for older phones too.
app-monal = For iPhone, iPad and Mac, with calls.
app-snikket = Easy to use, with calls.
app-gajim = Complete and customizable.
app-dino = Clean and simple, with calls.
app-kaidan = Friendly, for phones and computers.

## Creating the account

register-title = Create an account on { $site }
register-heading = Create your account
register-lead = Choose a name and a password. They are yours on { $site }, with every app.
username-label = Username
username-hint = Your address will be name@{ $host }. Letters, digits, dots and dashes are fine.
address-preview = Your address: { $address }
password-label = Password
password-hint = At least { $count } characters. A few uncommon words are easy to remember and hard to guess.
password-keep = Write it down or let your browser save it: it cannot be looked up again.
password-show = Show password
password-suggest = Suggest a password
register-button = Create account

# What is said while the password is typed.
strength-weak = Easy to guess
strength-fair = Could be better
strength-good = Good
strength-strong = Very good

# Errors beside a field. Each says what to do.
error-heading = Almost there. Please fix what’s marked below.
# The title of the page with an error.
error-title = Error: { $title }
name-empty = Please choose a name.
name-invalid = This cannot be a username. Use letters, digits, dots and dashes, without spaces.
name-invalid-try = Usernames can have only letters, numbers, dots and hyphens. How about one of these?
name-taken = This name is taken. Please choose another one.
name-taken-try = That username is taken. How about one of these?
name-not-yours = This invitation is for { $username }. Please use that name.
name-refused = The server does not allow this name. Please choose another one.
password-empty = Please choose a password.
password-short = Too short: please use at least { $count } characters.
password-long = Too long: please use at most { $count } characters.
password-weak = This password is easy to guess. Add another word or two.
password-forbidden = It has a character that apps cannot send. Please use letters, digits, signs and spaces.
password-refused = The server does not allow this password. Please choose another one.
# $reason are words of the server, in whatever language it speaks.
server-says = The server says: { $reason }

server-refused-heading = That didn’t work
server-refused = Nothing was changed, and your invitation is still good. Please try again, or ask whoever invited you.
server-away-heading = Please try again in a few minutes
server-away = The server cannot be reached right now. Nothing was changed, and your invitation is still good.
server-unknown-heading = We do not know whether it worked
server-unknown = The server stopped answering just then. Try to log in with your app. If that does not work, come back to this page in a few minutes and try again.
form-foreign-heading = Please send the form again
form-foreign = It did not come from this page, so nothing was done. Open your invitation again and fill in the form there.
# Another person holds the last use of the invitation for a moment.
busy-heading = Somebody is registering with this invitation right now
busy = Try again in a minute.
# The invitation is for one username alone, so its reader cannot take another.
account-exists-heading = This address already has an account
account-exists = If { $address } is yours, log in with your app. If you have forgotten the password, ask whoever invited you for a link to set a new one.
# The link is for a new password.
no-account-heading = There is no such account
no-account = There is no account { $address }. Ask whoever sent you this link.
bound-name-refused-heading = The server does not accept this username
bound-name-refused = This invitation is only for { $address }, and the server does not allow that username. Ask whoever invited you for a new invitation.
# What only an operator can change.
server-setup-heading = The server is not ready for this
server-setup = It is not set up for invitations yet, so trying again will not help. Please tell whoever sent you the link. Nothing was changed, and the link is still good.
server-encryption = This page and the server do not agree on encryption, so trying again here will not help. Open the link in an app instead, and please tell whoever sent you the link. Nothing was changed, and the link is still good.
# $field: the name of a field in the language of the server, for example "email".
server-field = It asks everybody who registers for something that this page cannot send: { $field }. Please tell whoever sent you the link. Nothing was changed, and the link is still good.

## When the account is there

welcome-title = Welcome to { $site }
youre-in = You’re in, { $name }!
in-contacts = { $inviter } is already in your contacts.
# As in-groups, after joining.
are-in-groups = { $count ->
        [one] You’re in the group { $groups }.
       *[other] You’re in the groups { $groups }.
    }
your-address = Your address
your-password = Your password
copy = Copy
password-shown-once = We show this password only once.
# Where the browser runs no scripts, or in another tab.
password-yours = Use the password that you chose.
save-card = Save a card to print
say-hello = Say hello
write-to = Message { $inviter }
# $app: for example Kaidan, which takes address and password from a link.
log-in-with = Log in with { $app }
other-device = On another device, too
other-device-hint = Install an app there and log in with the same address and password. Some apps can scan this code instead:
credentials-qr = QR code with your address and password
keep-private = Anyone who sees this code can log in as you.
welcome-login = Open the app and log in with your address and your password.
welcome-choose = Choose an app
welcome-webchat = Chat in the browser

reset-form-heading = New password
reset-form-lead = For your account { $address }.
reset-form-button = Save new password
reset-done-heading = Your new password is set
reset-done = From now on, log in to { $address } with the new password. Your apps will ask you for it.

## When an invitation does not work

unknown-heading = Invitation not found
unknown-what = This invitation is not known here. Perhaps the link was not copied whole.
expired-heading = Invitation expired
expired-what = This invitation was good for a limited time, which is over.
used-heading = Invitation already used
used-what = Somebody has joined with this invitation, perhaps you did.
used-advice = If it was you, open your app and log in with the password that you chose first. Otherwise ask whoever invited you for a new link.
revoked-heading = Invitation withdrawn
revoked-what = This invitation was taken back.
new-link-advice = Ask whoever invited you for a new link.
# The same for links to a new password.
reset-expired-heading = Link expired
reset-expired-what = Links for a new password work only for a limited time.
reset-used-heading = Link already used
reset-used-what = A new password was set with this link, perhaps by you.
reset-used-advice = If it was you, log in with the password that you chose first. Otherwise ask for a new link where you got this one.
reset-revoked-heading = Link no longer valid
reset-revoked-what = Perhaps you were sent a newer link. If so, use that one.
reset-new-link-advice = Ask for a new link where you got this one.

missing-heading = Nothing here
missing-what = There is no page at this address.
missing-advice = If you followed an invitation, check that the link was copied whole.

wait-heading = Please wait a moment
wait-what = Too many invitations that are not known here were asked for over your internet connection.
wait-advice = Load this page again in a minute. If you followed an invitation, check that the link was copied whole.

trouble-heading = Please try again
trouble-what = Your invitation cannot be looked up right now. It is not lost.
trouble-advice = Load this page again in a minute.
