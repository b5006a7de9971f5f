using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Hosting;

return args is ["admin", .. var command] ? await AdminCommand.RunAsync(command) : await OneProcess.RunAsync(args);
