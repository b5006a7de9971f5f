using StellarPay.Frontdoor.Hosting;

return await OneProcess.RunAsync(args);
