# The words of the pages. English is the source: every other language has exactly the same messages, with the same
# variables. docs/translating.md tells how to change a text or add a language.
#
# Readers are people who never heard of XMPP, on a phone: short sentences, no technical words.
#
# $site: what the operator calls the service, for example "Example Chat" or "example.com".
# $inviter, $username: names of people, for example "ann".
# $address: an address such as ann@example.com.
# $app: the name of an app, for example "Conversations".
# $device: "Android", device-ios, "Windows", "Mac" or "Linux".

## On every page

# The label of the list of languages.
language = Language
# Links at the foot of the page, if the operator gives them.
imprint = Legal notice
privacy = Privacy
# What separates two sentences in one paragraph.
joiner = { " " }

## The invitation

# The title of the browser's tab, and of the preview that messengers show of the link.
invite-title = You’re invited to { $site }
contact-title = { $inviter } wants to chat with you
reset-title = New password for { $address }
# The text below the title in a preview.
invite-preview = Open your invitation to join { $site } and start chatting.
contact-preview = Open the invitation to add { $inviter } to your contacts.
reset-preview = Open the link to choose a new password.

join-contact = Once you join, { $inviter } will be in your contacts.
join-about = Send messages and photos, and chat in groups. Use any app you like. As with email, you can also reach people on other services.
join-name-kept = { $address } is reserved for you.
join-places = { $count ->
        [one] This link works for one more person.
       *[other] This link works for { $count } more people.
    }

contact-heading = { $inviter } wants to chat with you
contact-invited = { $address } would like to add you as a contact.
contact-no-account = No account yet? Get an app, create an account in it, then come back to this page.
contact-button = Add { $inviter }

reset-heading = Choose a new password
reset-invited = This link is only for { $address }. Don’t share it.
reset-button = Choose new password
reset-app = Or open it in your app

step-app-hint = Already have one? Skip to the next step.
step-join = Join
join-button = Join { $site }
step-account = Create your account
step-account-hint = It takes about a minute, right here in your browser. Then log in with any app you like.
account-button = Create account
# What screen readers call the list of devices.
device-choice = Choose your device
# The other devices are called the same in every language.
device-ios = iPhone or iPad

qr-heading = Continue on your phone
qr-hint = Point your phone’s camera at this code.
qr-alt = QR code that opens this page

keep-link = This invitation is just for you. Anyone who has the link can use it, so please don’t pass it on.
copied = Copied

## Setting up one app

setup-heading = Set up { $app }
setup-install = Install { $app }
setup-install-hint = Then come back to this page.
# Names of shops are not translated; this is the button where there is no shop.
setup-download = Download
setup-website = Visit website
setup-play-hint = Use the Google Play button: the app will have your invitation ready when you first open it.
setup-open = Open invitation in { $app }
setup-open-hint = Once the app is installed, tap this button. The app guides you through the rest.
setup-login = Log in
setup-login-hint = Open { $app } and log in with your address and password.
# $button, $address: words on the screen of the app, in the language of the app. Never inflect them.
login-button = Look for “{ $button }” in the app.
login-address = The field “{ $address }” is for your address.
setup-back = Choose another app

# What is said of the apps of the built-in list.
app-conversations = The Android classic: simple and secure, with calls.
app-yaxim = Small and fast, even on older phones.
app-monal = For iPhone, iPad and Mac, with calls.
app-snikket = Easy to use, with calls.
app-gajim = Lots of features, and easy to make your own.
app-dino = Clean and simple, with calls.
app-kaidan = Easy to use, on phones and computers.

## Creating the account

register-title = Create your { $site } account
register-heading = Create your account
register-lead = Choose a username and a password. They work in every app you use with { $site }.
username-label = Username
username-hint = Your address will be username@{ $host }. Use letters, numbers, dots and hyphens.
address-preview = Your address: { $address }
password-label = Password
password-hint = Use at least { $count } characters. A few unusual words are easy to remember and hard to guess.
password-keep = Write it down or let your browser save it. We can’t show it to you again.
password-show = Show password
password-suggest = Suggest a password
register-button = Create account

# What is said while the password is typed.
strength-weak = Easy to guess
strength-fair = Could be stronger
strength-good = Good
strength-strong = Very good

# Errors beside a field. Each says what to do.
error-heading = Almost there. Please fix what’s marked below.
# The title of the page with an error.
error-title = Error: { $title }
name-empty = Choose a username.
name-invalid = Usernames can have only letters, numbers, dots and hyphens. No spaces.
name-invalid-try = Usernames can have only letters, numbers, dots and hyphens. How about one of these?
name-taken = That username is taken. Try another one.
name-taken-try = That username is taken. How about one of these?
name-not-yours = This invitation is for the username { $username }. Please use that one.
name-refused = You can’t use that username here. Try another one.
password-empty = Choose a password.
password-short = Too short. Use at least { $count } characters.
password-long = Too long. Choose a shorter password.
password-weak = This password is easy to guess. Add another word or two.
password-forbidden = This password has a character that doesn’t work in apps. Use letters, numbers, symbols and spaces.
password-refused = You can’t use that password here. Try another one.
# $reason are words of the server, in whatever language it speaks.
server-says = The server’s answer: { $reason }

server-refused-heading = That didn’t work
server-refused = Nothing has changed, and your invitation still works. Try again, or ask the person who invited you.
server-away-heading = Try again in a few minutes
server-away = We can’t reach the server right now. Nothing has changed, and your invitation still works.
server-unknown-heading = We’re not sure that worked
server-unknown = The server stopped answering. Try logging in with your app. If that doesn’t work, come back to this page in a few minutes and try again.
form-foreign-heading = Please fill in the form again
form-foreign = It wasn’t sent from this page, so to be safe we did nothing. Open your invitation and fill in the form there.
# Another person holds the last use of the invitation for a moment.
busy-heading = Someone is registering with this invitation right now
busy = Try again in a minute.
# The invitation is for one username alone, so its reader cannot take another.
account-exists-heading = This address already has an account
account-exists = If { $address } is yours, log in with your app. If you’ve forgotten the password, ask the person who invited you for a link to set a new one.
# The link is for a new password.
no-account-heading = This account doesn’t exist
no-account = There’s no account { $address }. Ask the person who sent you this link.
bound-name-refused-heading = This username can’t be used here
bound-name-refused = This invitation is only for { $address }, and that username can’t be used here. Ask the person who invited you for a new invitation.
# What only an operator can change.
server-setup-heading = The server isn’t ready for this
server-setup = It isn’t set up for invitations yet, so trying again won’t help. Please tell the person who sent you the link. Nothing has changed, and the link still works.
server-encryption = This page and the server don’t agree on encryption, so trying again here won’t help. Open the link in an app instead, and please tell the person who sent it to you. Nothing has changed, and the link still works.
# $field: the name of a field in the language of the server, for example "email".
server-field = It asks everyone who registers for something that this page can’t send: { $field }. Please tell the person who sent you the link. Nothing has changed, and the link still works.

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
welcome-login = Open the app and log in with your address and password.
welcome-choose = Choose an app
welcome-webchat = Chat in your browser

reset-form-heading = New password
reset-form-lead = For your account { $address }
reset-form-button = Save password
reset-done-heading = Your password has been changed
reset-done = Use the new password for { $address } from now on. Your apps will ask you for it.

## When an invitation does not work

unknown-heading = We can’t find this invitation
unknown-what = Part of the link may be missing. Check that you copied all of it.
expired-heading = This invitation has expired
expired-what = Invitations work only for a limited time.
used-heading = This invitation has already been used
used-what = Someone has already joined with it. Was it you?
used-advice = If so, open your app and log in with the password you chose first. If not, ask the person who invited you for a new invitation.
revoked-heading = This invitation was canceled
revoked-what = It no longer works.
new-link-advice = Ask the person who invited you for a new one.
# The same for links to a new password.
reset-expired-heading = This link has expired
reset-expired-what = Links for a new password work only for a limited time.
reset-used-heading = This link has already been used
reset-used-what = Someone has already set a new password with it. Was it you?
reset-used-advice = If so, log in with the password you chose first. If not, ask for a new link where you got this one.
reset-revoked-heading = This link no longer works
reset-revoked-what = You may have been sent a newer link. If so, use that one.
reset-new-link-advice = Ask for a new link where you got this one.
# Above the advice: who sent the invitation, before it stopped working.
invited-by = { $inviter } invited you to { $site }.
# A button. The request goes to the people who run the service.
ask-again = Ask { $inviter } for a new invitation
ask-again-operator = Ask for a new invitation
ask-again-reset = Ask for a new link
# After the tap on that button.
asked-heading = We’ve passed it on
asked = As soon as your invitation is renewed, this same link works again.
asked-reset = As soon as your link is renewed, it works again.

# A link on the page of the invitation, for people who come back from an app or another device.
already-joined = I’ve already joined
# We know that somebody has joined, but not who reads this.
joined-heading = Was that you? Then you’re in!
joined = Someone has joined with this invitation. If it was you, keep chatting in your app; you can close this page.
# Above a button that asks for a new invitation.
joined-not-you = It wasn’t you?
not-joined-heading = We can’t see it yet
not-joined = Nobody has joined with this invitation so far. Finish creating your account, then check again.
check-again = Check again
back-to-invitation = Back to the invitation

missing-heading = Page not found
missing-what = There’s no page at this address.
missing-advice = If you opened an invitation, check that you copied the whole link.

wait-heading = Please wait a moment
wait-what = Too many wrong invitation links were opened from your network.
wait-advice = Try again in a minute. If you opened an invitation, check that you copied the whole link.

trouble-heading = Something went wrong
trouble-what = We can’t open your invitation right now. Don’t worry, it isn’t lost.
trouble-advice = Reload this page in a minute.
try-again = Try again

## The first page, redesigned

# New messages of the redesigned pages. Those marked R are translated in reviews/translations already (judge them).
invited-by-heading = { $inviter } invites you to chat
invited-heading = You’re invited to chat on { $site }
# The title of the preview in a messenger.
invited-by-title = { $inviter } invites you to { $site }
promise-free = Free
promise-no-phone = No phone number
promise-no-ads = No ads
get-app = Get { $app }
# Below the app's name: what the app costs in the store of the button. "Free" is promise-free.
app-costs = Costs money in this store
# Below the app's name. $device is "Android", "iPhone or iPad", "Windows", "Mac" or "Linux".
app-for-device = The app for { $device }
# In the browser instead of an app.
in-browser = In your browser, without an app
installed-open = Already installed? Open the invitation
nothing-happens = Nothing happens when you tap?
other-ways = Another app, another device, or in the browser
works-once-until = Just for you · works until { $date }
works-many-until = { $count ->
        [one] For one more person · works until { $date }
       *[other] For { $count } more people · works until { $date }
    }
# A link for any number of people.
works-for-all-until = For anyone who has this link · works until { $date }
# Shown instead of the line above, in bold, when less than a day is left.
expires-soon = Don’t wait: this works only until { $date }.
# $groups is a list of names, for example "Family and Chess club".
in-groups = { $count ->
        [one] You’ll be in the group { $groups }.
       *[other] You’ll be in the groups { $groups }.
    }
# Help below a button that opens an app.
rescue-install = The button works only if { $app } is installed. Install it, come back to this page, and tap “Open the invitation”.
rescue-in-app = Did you open this page inside another app, such as a messenger? Open it in your browser: tap the menu in the corner of the screen, then “Open in browser”.
rescue-paste = Or copy this address and paste it into the app:
rescue-browser = Or skip the app for now and create your account in the browser.
show-qr = On another phone or tablet? Point its camera at this code.
# A line that unfolds: the operator, in their own words.
who-runs = Who runs this?
# Between the names of a list.
list-separator = { ", " }
app-siskin = Full-featured, with calls.

## The start page and the sheet

# The label of a field for a pasted link.
front-link = Link to your invitation
front-open = Open invitation
# Above how to log in.
front-account = Already have an account?
# On the page of an unknown address.
to-front = Go to the start page
# A button.
sheet-print = Print
# A line that leads to a sheet for somebody who helps a beginner.
help-someone = Setting this up for someone else? Print a sheet
front-what = Chat with family and friends on { $site }.
front-invitation = You can join with an invitation. Ask someone who is already here to send you one.
front-have-link = Got an invitation? Open its link again, or scan its code.
sheet-title = Set up chat on { $site }
sheet-for = For the person who helps
sheet-step-install = Install { $app }.
sheet-step-scan = Scan this code with the phone’s camera, and open the page.
sheet-step-open = Tap “Open the invitation”, then choose a username and a password.
sheet-step-first = Send a first message to { $inviter }.
sheet-address = Address
sheet-password = Password
sheet-help = Who to call for help

# The console, for operators. Labels, buttons and short sentences.
console-heading = Administration of { $site }
console-overview = Overview
console-invites = Invitations
console-new = New invitation
console-sessions = Logged-in browsers
console-log-in = Log in
console-log-out = Log out
console-login-heading = Log in to the administration
console-login-what = This link works once. Use it only if you made it yourself.
console-link-over-heading = This login link no longer works
console-link-over-what = A login link works once, within 15 minutes.
console-out-heading = You are not logged in
console-out-what = A login ends after 12 hours, or after 30 minutes without use.
console-how = This command on the server makes a login link:
console-old-form-heading = This page was open for too long
console-old-form-what = Nothing was changed. Go back, reload the page and try again.
console-pending = Open
console-used = Used
console-expired = Expired
console-revoked = Taken back
console-all = All
console-asked = Asks for a new link
console-pending-count = Open invitations
console-asked-count = Ask for a new link
console-joined-count = Joined in the last seven days
console-joined = Joined
console-nobody = Nobody yet.
console-empty = No invitations here.
console-search = Search in your notes
console-show = Show
console-older = Older
console-by = from
console-until = until
console-kind = What for?
console-account = New account
console-account-and-contact = New account and contact
console-contact = Contact
console-password-reset = New password
console-for = Who is it for? Only you see this.
console-username = Username (needed only for a new password)
console-message = A few words to the person (optional)
console-uses = For how many people?
console-days = Valid for how many days?
console-make = Create invitation
console-wrong = Please check what you typed.
console-code = QR code of the link
console-preview = See what the person sees
console-print = Print a sheet
console-made = Created
console-extend = Seven more days
console-revoke = Take back
console-restore = Make valid again
console-since = Since
console-last-used = last used
console-this-browser = this browser
console-end = Log out there
