using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Audit;
using StellarPay.Frontdoor.Books;
using StellarPay.Frontdoor.Hosting;
using StellarPay.Frontdoor.Keys;
using StellarPay.Frontdoor.Network;
using StellarPay.Frontdoor.Webhooks.Commands;

if (args is ["keys", .. var keys])
{
    return await KeysCommand.RunAsync(keys);
}

if (args is ["replay", .. var replay])
{
    return await ReplayCommand.RunAsync(replay);
}

if (args is ["audit", .. var audit])
{
    return await AuditCommand.RunAsync(audit);
}

if (args is ["reconcile", .. var reconcile])
{
    return await ReconcileCommand.RunAsync(reconcile);
}

if (args is ["certificates", .. var certificates])
{
    return await CertificatesCommand.RunAsync(certificates, TimeProvider.System, Console.Out);
}

if (args is ["listen", .. var listen])
{
    return await ListenCommand.RunAsync(listen);
}

if (args is ["webhooks", .. var webhooks])
{
    return await WebhooksCommand.RunAsync(webhooks, Console.Out, CancellationToken.None);
}

return args is ["admin", .. var command] ? await AdminCommand.RunAsync(command) : await OneProcess.RunAsync(args);
