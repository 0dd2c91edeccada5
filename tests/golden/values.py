# Reference numbers of tests/golden: small inputs and what NumPy, SciPy and scikit-learn make of them. Run in this folder:
# python3 values.py writes values.json. Blocks that name R (survival 3.5.3, forecast 8.20) or a paper hold its printed output.
# Known: the solver behind "ridgeLogistic" stopped at a gradient of 5e-5, so its coefficients are right to 2e-5 only.
import numpy as np, json, math
from sklearn import metrics as M
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from scipy import stats, optimize, special
G={}
def R(x,d=10):
    if isinstance(x,(list,tuple)): return [R(v,d) for v in x]
    if isinstance(x,np.ndarray): return R(x.tolist(),d)
    if isinstance(x,(float,np.floating)): return round(float(x),d)
    if isinstance(x,(int,np.integer)): return int(x)
    return x
rs=np.random.RandomState(42); n=60
lat=rs.normal(size=n); p=np.round(1/(1+np.exp(-(1.6*lat-.4))),4); y=(rs.uniform(size=n)<1/(1+np.exp(-(.9*lat-.7)))).astype(int)
p[10]=p[11]; 
def ece(y,p,nb,mode):
    if mode=='width': idx=np.minimum((p*nb).astype(int),nb-1)
    else:
        o=np.argsort(p,kind='stable'); idx=np.empty(len(p),int)
        for b,ch in enumerate(np.array_split(o,nb)): idx[ch]=b
    return sum((idx==b).mean()*abs(y[idx==b].mean()-p[idx==b].mean()) for b in range(nb) if (idx==b).any()), idx
e1,ix=ece(y,p,10,'width'); e2,_=ece(y,p,10,'mass')
rel=sum((ix==b).mean()*(y[ix==b].mean()-p[ix==b].mean())**2 for b in range(10) if (ix==b).any()); res=sum((ix==b).mean()*(y[ix==b].mean()-y.mean())**2 for b in range(10) if (ix==b).any()); unc=y.mean()*(1-y.mean())
z=np.log(p/(1-p)); 
def nll(t): q=special.expit(z*t[0]); return -(y*np.log(q)+(1-y)*np.log(1-q)).mean()
T=optimize.minimize(lambda t:nll([np.exp(t[0])]),[0.],method='BFGS',options=dict(gtol=1e-10)); s=float(np.exp(T.x[0]))
def pl(t): q=special.expit(z*t[0]+t[1]); return -(y*np.log(q)+(1-y)*np.log(1-q)).mean()
P=optimize.minimize(pl,[1.,0.],method='BFGS',options=dict(gtol=1e-10))
def be(t): q=special.expit(t[0]*np.log(p)-t[1]*np.log(1-p)+t[2]); return -(y*np.log(q)+(1-y)*np.log(1-q)).mean()
B=optimize.minimize(be,[1.,1.,0.],method='L-BFGS-B',bounds=[(0,None),(0,None),(None,None)],options=dict(ftol=1e-15,gtol=1e-10,maxiter=10000))
iso=IsotonicRegression(out_of_bounds='clip').fit(p,y); 
def va(s0):
    a=IsotonicRegression().fit(np.r_[p,s0],np.r_[y,0]).predict([s0])[0]; b=IsotonicRegression().fit(np.r_[p,s0],np.r_[y,1]).predict([s0])[0]; return a,b,b/(1-a+b)
o=np.argsort(-p,kind='stable'); 
G['binary']={'y':R(y),'p':R(p),'auc':R(M.roc_auc_score(y,p)),'averagePrecision':R(M.average_precision_score(y,p)),'logLoss':R(M.log_loss(y,p)),'brier':R(M.brier_score_loss(y,p)),'ks':R(stats.ks_2samp(p[y==1],p[y==0]).statistic),'gini':R(2*M.roc_auc_score(y,p)-1),'mccAt0.5':R(M.matthews_corrcoef(y,p>=.5)),'f1At0.5':R(M.f1_score(y,p>=.5)),
 'eceEqualWidth10':R(e1),'eceEqualMass10':R(e2),'brierDecompEqualWidth10':{'reliability':R(rel),'resolution':R(res),'uncertainty':R(unc),'note':'binned brier = rel - res + unc; differs from raw brier by within-bin variance'},
 'topDecileLift':R(y[o[:6]].mean()/y.mean()),'temperature':{'scaleOnLogit':R(s,6),'T':R(1/s,6),'nll':R(nll([s]),8)},'platt':{'a':R(P.x[0],5),'b':R(P.x[1],5),'nll':R(P.fun,8)},'beta':{'constraint':'a>=0,b>=0','a':R(B.x[0],4),'b':R(B.x[1],4),'c':R(B.x[2],4),'nll':R(B.fun,8)},
 'isotonicFitted':R(iso.predict(p),8),'isotonicAt':{'s':[.05,.33,.5,.77,.95],'v':R(iso.predict([.05,.33,.5,.77,.95]),8)},'vennAbersAt':{'s':[.05,.33,.5,.77,.95],'p0p1p':[R(va(v),8) for v in [.05,.33,.5,.77,.95]]},
 'vennAbersTiny':{'truth':[0,1,0,1],'score':[.1,.4,.35,.8],'at':[.2,.5,.9],'lower':[0,.5,2/3],'upper':[.5,1,1],'p':[1/3,2/3,.75],'source':'README of R package vennabers'}}
# regression / forecast metrics
a=np.array([120.,80,0,150,200,90,60,110]); f=np.array([100.,95,10,140,230,70,66,120]); ins=np.array([50.,60,55,70,80,75,90,100,95,110,120,115])
q=[.1,.5,.9]; Q=np.stack([f*.7,f,f*1.35])
G['forecast']={'actual':R(a),'forecast':R(f),'insample':R(ins),'mae':R(np.abs(a-f).mean()),'rmse':R(np.sqrt(((a-f)**2).mean())),'wape':R(np.abs(a-f).sum()/np.abs(a).sum()),'smapePct':R((200*np.abs(a-f)/(np.abs(a)+np.abs(f))).mean()),'mase1':R(np.abs(a-f).mean()/np.abs(np.diff(ins)).mean()),'mase4':R(np.abs(a-f).mean()/np.abs(ins[4:]-ins[:-4]).mean()),'bias':R((f-a).sum()/a.sum()),
 'quantiles':q,'quantileForecasts':R(Q),'pinballMean':R([np.maximum(t*(a-g),(t-1)*(a-g)).mean() for t,g in zip(q,Q)]),'coverage80':R(((a>=Q[0])&(a<=Q[2])).mean()),'intervalScore80':R(((Q[2]-Q[0])+2/.2*np.maximum(Q[0]-a,0)+2/.2*np.maximum(a-Q[2],0)).mean()),
 'crpsGaussian':{'mu':3.,'sigma':2.,'y':4.5,'crps':R((lambda m,sd,v:(lambda w:sd*(w*(2*stats.norm.cdf(w)-1)+2*stats.norm.pdf(w)-1/np.sqrt(np.pi)))((v-m)/sd))(3.,2.,4.5))},
 'crpsEnsemble':{'x':[1,2,4,7],'y':3,'crps':R(np.abs(np.array([1,2,4,7])-3).mean()-.5*np.abs(np.subtract.outer([1,2,4,7],[1,2,4,7])).mean())}}
# survival
rs=np.random.RandomState(7); m=24; x=np.round(rs.normal(size=m),3); t=np.ceil(rs.exponential(8*np.exp(-.6*x))).astype(int)+0; c=rs.randint(2,20,m); e=(t<=c).astype(int); tt=np.minimum(t,c)
def km(t,e):
    u=np.unique(t);S=1;o=[]
    for v in u: S*=1-((t==v)&(e==1)).sum()/(t>=v).sum(); o.append(S)
    return u,np.array(o)
u,S=km(tt,e); na=np.cumsum([((tt==v)&(e==1)).sum()/(tt>=v).sum() for v in u])
num=den=0.
for i in range(m):
    for j in range(m):
        if e[i] and tt[i]<tt[j] or (e[i] and tt[i]==tt[j] and not e[j]): den+=1; num+=1 if x[i]>x[j] else .5 if x[i]==x[j] else 0
cause=e.copy(); cause[(e==1)&(rs.uniform(size=m)<.45)]=2
SS=1.;F1=F2=0;aj=[]
for v in u:
    r=(tt>=v).sum(); d1=((tt==v)&(cause==1)).sum(); d2=((tt==v)&(cause==2)).sum(); F1+=SS*d1/r;F2+=SS*d2/r;SS*=1-(d1+d2)/r; aj.append([F1,F2,SS])
haz=.06*np.exp(.5*x); grid=np.array([2.,4,6,8,10])
ug,g=km(tt,1-e)
def step(u,s,q,left): i=np.searchsorted(u,q,'left' if left else 'right')-1; return 1. if i<0 else s[i]
bs=[]
for q_ in grid:
    s_=np.exp(-haz*q_); v=0
    for i in range(m):
        if tt[i]<=q_ and e[i]: v+=s_[i]**2/step(ug,g,tt[i],True)
        elif tt[i]>q_: v+=(1-s_[i])**2/step(ug,g,q_,False)
    bs.append(v/m)
ibs=np.trapz(bs,grid)/(grid[-1]-grid[0])
cn=cd=0.
for i in range(m):
    if not e[i]: continue
    s_=np.exp(-haz*tt[i])
    for j in range(m):
        if j!=i and (tt[j]>tt[i] or (tt[j]==tt[i] and not e[j])): cd+=1; cn+=(s_[i]<s_[j])+.5*(s_[i]==s_[j])
# D-calibration (Haider 2020): uncensored -> bin of S(t); censored spread
nb=10; N=np.zeros(nb); Sv=np.exp(-haz*tt)
for i in range(m):
    b=min(int(Sv[i]*nb),nb-1)
    if e[i]: N[b]+=1
    else:
        lo=b/nb; N[b]+=(Sv[i]-lo)/Sv[i]
        for k in range(b): N[k]+=(1/nb)/Sv[i]
chi=((N-m/nb)**2/(m/nb)).sum()
G['survival']={'time':R(tt),'event':R(e),'x':R(x),'kmTimes':R(u),'kmSurv':R(S,8),'nelsonAalen':R(na,8),'harrellC_riskIsX':R(num/den,8),'cause':R(cause),'aalenJohansen_F1_F2_S':R(aj,8),'model':'S_i(t)=exp(-0.06*exp(0.5*x)*t)','brierTimes':R(grid),'ipcwBrier':R(bs,8),'ibs':R(ibs,8),'antoliniCtd':R(cn/cd,8),'dCalibration':{'bins':R(N,6),'chi2':R(chi,6),'p':R(1-stats.chi2.cdf(chi,nb-1),6)},'conventions':'G(t-) for events, G(t) for survivors; ties: event vs censored at same time is comparable, event-event tie is not'}
# competing-risk discrete hazard loss and CIF
cuts=[0,7,14,30,60,90]; lg=np.array([[[-2.,-1.5],[-1.8,-1.2],[-1.,-1.],[-.5,-.8],[-.2,-.4]],[[-3.,-2.],[-2.5,-2.],[-2.,-1.5],[-1.5,-1.],[-1.,-.5]],[[-1.,-3.],[-1.,-2.],[-.8,-2.],[-.5,-1.],[.1,-1.]]])
def soft(z): q=np.exp(np.r_[0,z]); return q/q.sum()
obs=[(20,1),(75,0),(7,2)] # days, cause(0 censored,1 won,2 lost); event at d in bin (c_b,c_{b+1}]
L=[];W=[]
for z3,(d,k) in zip(lg,obs):
    l=0
    for b in range(5):
        pr=soft(z3[b]); a_,b_=cuts[b],cuts[b+1]
        if k and a_<d<=b_: l-=math.log(pr[k]); break
        if d>=b_: l-=math.log(pr[0])
        elif d>a_: l-=(d-a_)/(b_-a_)*math.log(pr[0]); break
        else: break
    L.append(l)
    def cif(h):
        s=1;Fw=Fl=0
        for b in range(5):
            pr=soft(z3[b]); a_,b_=cuts[b],cuts[b+1]
            if h<=a_: break
            fr=min(1,(h-a_)/(b_-a_)); ex=1-pr[0]**fr; Fw+=s*ex*pr[1]/(1-pr[0]); Fl+=s*ex*pr[2]/(1-pr[0]); s*=pr[0]**fr
        return [Fw,Fl,s]
    pr=soft(z3[4]); end=cif(90); W.append({'cif14':R(cif(14),8),'cif45':R(cif(45),8),'cif90':R(end,8),'winEver':R(end[0]+end[2]*pr[1]/(pr[1]+pr[2]),8)})
G['competingRisk']={'cuts':cuts,'logits_[row][bin][won,lost]':lg.tolist(),'observations_day_cause':obs,'nllPerRow':R(L,8),'predictions_Fwon_Flost_S':W}
# aggregation
def conv(ds):
    f={0:1.}
    for a_,p_ in ds:
        g={}
        for k,v in f.items(): g[k]=g.get(k,0)+v*(1-p_); g[k+a_]=g.get(k+a_,0)+v*p_
        f=g
    return dict(sorted(f.items()))
ds=[(10,.5),(20,.25),(30,.4),(50,.1)]; pm=conv(ds)
x_,w_=np.polynomial.hermite_e.hermegauss(31); w_=w_/w_.sum(); rho=.1; pf={}
for zz,ww in zip(x_,w_):
    dd=[(a_,stats.norm.cdf((stats.norm.ppf(p_)-np.sqrt(rho)*zz)/np.sqrt(1-rho))) for a_,p_ in ds]
    for k,v in conv(dd).items(): pf[k]=pf.get(k,0)+ww*v
mean=lambda d:sum(k*v for k,v in d.items()); var=lambda d:sum(k*k*v for k,v in d.items())-mean(d)**2
G['dealSum']={'deals_amount_prob':ds,'independentPmf':{str(k):R(v) for k,v in pm.items()},'mean':R(mean(pm)),'var':R(var(pm)),'pAtLeast60':R(sum(v for k,v in pm.items() if k>=60)),'oneFactorRho0.1Pmf':{str(k):R(v,8) for k,v in sorted(pf.items())},'oneFactorMean':R(mean(pf),8),'oneFactorVar':R(var(pf),6),'poissonBinomial':{'p':[.1,.2,.3],'pmf':[.504,.398,.092,.006]}}
# reconciliation: total=A+B, A=A1+A2, B=B1+B2
Sm=np.array([[1,1,1,1],[1,1,0,0],[0,0,1,1],[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1.]]); yh=np.array([105.,62,40,35,30,22,20]); 
def rec(Wd): Wi=np.diag(1/np.array(Wd)); P_=np.linalg.solve(Sm.T@Wi@Sm,Sm.T@Wi); return Sm@P_@yh
G['reconciliation']={'nodes':['T','A','B','A1','A2','B1','B2'],'base':R(yh),'ols':R(rec(np.ones(7)),8),'wlsStruct':R(rec([4,2,2,1,1,1,1]),8),'wlsVar':R(rec([20,9,8,4,3,3,2]),8),'wlsVarDiag':[20,9,8,4,3,3,2],'bottomUp':R(Sm@yh[3:])}
# EASE
X=np.array([[1,1,0,0,1],[1,1,1,0,0],[0,1,1,0,0],[0,0,1,1,0],[1,0,0,1,1],[0,1,1,1,0.]]); lam=.5; Pm=np.linalg.inv(X.T@X+lam*np.eye(5)); Bm=-Pm/np.diag(Pm)[None,:]; np.fill_diagonal(Bm,0)
G['ease']={'X':X.tolist(),'lambda':lam,'B':R(Bm,8),'scores':R(X@Bm,8)}
rel_=[3,2,0,1,0]; 
dcg=lambda r:sum((2**v-1)/math.log2(i+2) for i,v in enumerate(r)); G['ndcg']={'relInRankOrder':rel_,'exponentialGainNdcg5':R(dcg(rel_)/dcg(sorted(rel_,reverse=True)))}
# encodings
G['ple']={'edges':[0,1,3,6],'x':[-.5,.25,1,2,5,7.5],'encoding':[[-.5,0,0],[.25,0,0],[1,0,0],[1,.5,0],[1,1,2/3],[1,1,1.5]],'note':'first bin open below, last bin open above; then clamp to [-3,4]'}
v=np.array([1.,2,2,3,4,5,8,9,40]); q1,q3=np.quantile(v,.25),np.quantile(v,.75); zz=(v-np.median(v))/(q3-q1); G['robustSmoothClip']={'x':R(v),'median':R(np.median(v)),'iqr':R(q3-q1),'out':R(zz/np.sqrt(1+(zz/3)**2),8)}
te=[];pr0=.3;mm=10
cat=['a','b','a','a','b','c','a'];yy=[1,0,0,1,1,0,1]; cs={}
for k,v2 in zip(cat,yy): n_,s_=cs.get(k,(0,0)); te.append((s_+mm*pr0)/(n_+mm)); cs[k]=(n_+1,s_+v2)
G['orderedTargetEncoding']={'category':cat,'y':yy,'prior':pr0,'m':mm,'encoded':R(te,8),'note':'rows already in label-known-time order'}
# drift
ex=[.1,.2,.3,.25,.15]; ac=[.05,.15,.3,.3,.2]; G['psi']={'expected':ex,'actual':ac,'psi':R(sum((b-a_)*math.log(b/a_) for a_,b in zip(ex,ac)))}
k1=np.array([.1,.4,.7,1.2,1.9,2.2]);k2=np.array([.2,.9,1.5,2.1,3.3]); G['ks2']={'a':R(k1),'b':R(k2),'d':R(stats.ks_2samp(k1,k2).statistic)}
# conformal
sc=[.3,1.2,.5,2.2,.9,.1,1.7,.8,.4,1.1]; al=.2; kk=math.ceil((len(sc)+1)*(1-al)); G['splitConformal']={'scores':sc,'alpha':al,'rank':kk,'qhat':sorted(sc)[kk-1]}
# wilson/ beta shrink
G['betaShrink']={'won':3,'n':5,'prior':.2,'m':20,'p':R((3+20*.2)/(25))}
# naive bayes PLS
G['naiveBayesPls']={'teamWon':40,'teamLost':60,'fields':[{'won':10,'lost':30,'wonTotal':40,'lostTotal':60,'note':'stage uses team totals'},{'won':12,'lost':6,'wonTotal':38,'lostTotal':55}],'p':R((lambda w,l:w/(w+l))(.4*10/40*12/38,.6*30/60*6/55)),'clampPct':[.01,99.99]}
# logistic regression (ridge) reference for IRLS
Xl=np.c_[np.round(rs.normal(size=20),3),np.round(rs.normal(size=20),3)]; yl=(rs.uniform(size=20)<1/(1+np.exp(-(Xl[:,0]-.5*Xl[:,1])))).astype(int); c_=LogisticRegression(C=1.,tol=1e-12,max_iter=10000).fit(Xl,yl)
G['ridgeLogistic']={'X':Xl.tolist(),'y':R(yl),'C':1.0,'coef':R(c_.coef_[0],6),'intercept':R(c_.intercept_[0],6),'objective':'0.5*|w|^2 + C*sum(logloss), intercept unpenalised'}
lamP=2.;sev=[0,.5,.5];g=[math.exp(-lamP*(1-sev[0]))]
for k in range(1,7): g.append(lamP/k*sum(j*(sev[j] if j<len(sev) else 0)*g[k-j] for j in range(1,k+1)))
G['panjerPoisson']={'lambda':lamP,'severityPmf':sev,'pmf0to6':R(g)}
AP=[112,118,132,129,121,135,148,148,136,119,104,118,115,126,141,135,125,149,170,170,158,133,114,140,145,150,178,163,172,178,199,199,184,162,146,166,171,180,193,181,183,218,230,242,209,191,172,194,196,196,236,235,229,243,264,272,237,211,180,201,204,188,235,227,234,264,302,293,259,229,203,229,242,233,267,269,270,315,364,347,312,274,237,278,284,277,317,313,318,374,413,405,355,306,271,306,315,301,356,348,355,422,465,467,404,347,305,336,340,318,362,348,363,435,491,505,404,359,310,337]
G['timeSeries']={'airPassengers1949_1958':AP,'test1959_1960':[360,342,406,396,420,472,548,559,463,407,362,405,417,391,419,461,472,535,622,606,508,461,390,432],'R_forecast_8.20':{'ets':{'model':'ETS(M,Ad,M)','aicc':1117.222,'alpha_beta_gamma_phi':[.7459,.0189,.0003,.9793],'first3':[345.476,342.025,391.691],'smapePct24':14.4833,'mase24':2.2122},'autoArima':{'order':'(1,1,0)(0,1,0)[12]','aicc':803.3969,'first3':[341.959,319.729,363.784],'mase24':2.4},'thetaf':{'first3':[341.621,335.576,385.401],'smapePct24':14.4747,'mase24':2.2123},'snaive':{'smapePct24':17.0126,'mase24':2.4935},'naive':{'mase24':4.0334},'hwMultiplicative':{'alpha_beta_gamma':[.3477,.0002,.6519],'first3':[350.18,332.492,386.037],'mase24':1.1619},'comb_ets_arima_theta':{'mase24':2.2748}},
 'nile_1871_1970':{'ses':{'alpha':.2456682,'l0':1110.734,'forecast':805.3363},'thetaf3':[799.812,798.4548,797.0977],'data':'R datasets::Nile'},'crostonSeries':[0,0,3,0,0,0,2,0,0,1,0,0,4],'crostonForecast':.9214541}
G['rSurvival_3.5.3']={'lungKM_t100_300_500':[.863969,.5306081,.2932692],'lungKMse':[.02271023,.03464015,.03507782],'lungMedian':310,'lungCoxEfron_age_sex_ecog':[.01106676,-.5526124,.4637285],'lungCoxC':.6371355,'lungLoglikNullFull':[-744.4805,-729.2301],'lungCoxBreslow':[.01104114,-.5518896,.462947],'mgus2AalenJohansen_t60_120_240_state0_pcm_death':[[.64553,.0341,.32037],[.40446,.06372,.53182],[.17616,.09981,.72403]],'amlKM_t13_23_48':[.6956522,.5465839,.08281573],'flchain5foldCoxC':.7954577}
# CLV
G['clv']={'bgnbd':{'r':.2425929,'alpha':4.4135316,'a':.7928862,'b':2.4257537,'LL':-9582.4255606,'E39_x2_tx30.43_T38.86':1.2259105,'pAlive_same':.7266092,'sumE39_allCustomers':1653.423294,'holdoutActual39w':1882,'holdoutMAE':.78545},'paretoNbd':{'r':.5532756,'alpha':10.5776138,'s':.6062135,'beta':11.6679103,'LL':-9594.9739298},'gammaGamma':{'p':6.2488034,'q':3.7445885,'v':15.4477458,'LL':-4055.9232435,'n':946,'populationMean':35.1710023,'E_first10':[24.659,18.911,35.171,35.171,35.171,71.463,18.911,35.171,27.282,35.171]},'data':'CDNOW 1/10 sample, 2357 customers, calibration 39 weeks to 1997-09-30'}
json.dump(G,open('values.json','w'),indent=1)
print(len(json.dumps(G)),list(G)); print({k:G['binary'][k] for k in ('auc','brier','logLoss','eceEqualWidth10','temperature','platt','beta','topDecileLift')}); print(G['competingRisk']['nllPerRow'],G['competingRisk']['predictions_Fwon_Flost_S'][0]); print(G['dealSum']); print(G['reconciliation']['wlsStruct'])
