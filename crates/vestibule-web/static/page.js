(()=>{
const root=document.documentElement.lang,now=new Date();
for(const time of document.querySelectorAll("time[datetime]")){
const moment=new Date(time.dateTime);
if(!isNaN(moment))try{
const parts={day:"numeric",month:"long"};
if(moment-now<1728e5){
parts.hour=new Intl.DateTimeFormat(root,{hour:"numeric"}).resolvedOptions().hour12?"numeric":"2-digit";
parts.minute="2-digit";
}else if(moment.getFullYear()!=now.getFullYear())parts.year="numeric";
time.textContent=moment.toLocaleString(root,parts);
}catch{}
}
if(navigator.clipboard)for(const button of document.querySelectorAll("[data-copy]")){
button.parentElement.hidden=false;
const words=button.textContent;
button.addEventListener("click",async()=>{
try{await navigator.clipboard.writeText(button.dataset.copy);button.textContent=button.dataset.done;setTimeout(()=>{button.textContent=words},2e3)}catch{}
});
}
})();
