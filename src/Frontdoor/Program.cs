using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Hosting;
using StellarPay.Frontdoor.Keys;

if (args is ["keys", .. var keys])
{
    return await KeysCommand.RunAsync(keys);
}

return args is ["admin", .. var command] ? await AdminCommand.RunAsync(command) : await OneProcess.RunAsync(args);
