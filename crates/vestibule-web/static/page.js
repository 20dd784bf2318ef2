(()=>{
const root=document.documentElement.lang;
for(const time of document.querySelectorAll("time[datetime]")){
const moment=new Date(time.dateTime);
if(!isNaN(moment))try{time.textContent=moment.toLocaleString(root,{dateStyle:"full",timeStyle:"short"})}catch{}
}
if(navigator.clipboard)for(const button of document.querySelectorAll("[data-copy]")){
button.parentElement.hidden=false;
const words=button.textContent;
button.addEventListener("click",async()=>{
try{await navigator.clipboard.writeText(button.dataset.copy);button.textContent=button.dataset.done;setTimeout(()=>{button.textContent=words},2e3)}catch{}
});
}
})();
