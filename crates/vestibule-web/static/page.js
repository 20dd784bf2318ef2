(()=>{
const root=document.documentElement,now=new Date();
// iPads identify as Macs.
if(root.dataset.ipad&&navigator.maxTouchPoints>1)location.replace(root.dataset.ipad);
for(const time of document.querySelectorAll("time[datetime]")){
const moment=new Date(time.dateTime);
if(!isNaN(moment))try{
const parts={day:"numeric",month:"long"};
if(moment-now<1728e5){
parts.hour=new Intl.DateTimeFormat(root.lang,{hour:"numeric"}).resolvedOptions().hour12?"numeric":"2-digit";
parts.minute="2-digit";
}else if(moment.getFullYear()!=now.getFullYear())parts.year="numeric";
time.textContent=moment.toLocaleString(root.lang,parts);
}catch{}
}
const copy=async(text)=>{
try{await navigator.clipboard.writeText(text);return true}catch{}
// Without HTTPS there is no clipboard API.
const field=document.createElement("textarea");
field.value=text;field.style.position="fixed";field.style.opacity="0";
document.body.append(field);field.select();
try{return document.execCommand("copy")}finally{field.remove()}
};
for(const button of document.querySelectorAll("[data-copy]")){
button.hidden=false;
const words=button.textContent;
button.addEventListener("click",async()=>{
if(await copy(button.dataset.copy)){button.textContent=button.dataset.done;setTimeout(()=>{button.textContent=words},2e3)}
button.focus();
});
}
for(const button of document.querySelectorAll("[data-print]")){button.hidden=false;button.addEventListener("click",()=>print())}
// The page follows its invite: it turns when somebody joins elsewhere, or when the invite is renewed.
const watch=document.getElementById("watch");
if(watch){
const {state,from,until,go}=watch.dataset;
let timer,wait=3e3,asking=false,over=false;
const ask=async()=>{
if(asking||over)return;
asking=true;
let found=from;
try{
const answer=await fetch(state);
if(answer.ok)found=(await answer.json()).state;
else if(answer.status===404)found="";
}catch{}
asking=false;
if(found===until)location.replace(go);
over=found!==from;
later();
};
const later=()=>{
clearTimeout(timer);
if(over||document.hidden)return;
timer=setTimeout(ask,wait);
wait=Math.min(wait*1.4,6e4);
};
const back=()=>{wait=3e3;if(document.hidden)clearTimeout(timer);else ask()};
document.addEventListener("visibilitychange",back);
addEventListener("pageshow",event=>{if(event.persisted)back()});
later();
}
// Help where a tap opens no app: the page is still in sight after a moment.
const help=document.getElementById("help");
if(help)for(const link of document.querySelectorAll("a[href^='xmpp:'],a[href^='intent:']"))link.addEventListener("click",()=>{
let left=false;
const leave=()=>{left=true};
addEventListener("blur",leave,{once:true});addEventListener("pagehide",leave,{once:true});
setTimeout(()=>{if(!left&&document.visibilityState==="visible"){help.open=true;help.scrollIntoView({block:"nearest"})}},1500);
});
})();
