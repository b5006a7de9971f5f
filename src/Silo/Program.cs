using StellarPay.Adapters.Horizon;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Adapters.Settings;
using StellarPay.Silo.Hosting;
using StellarPay.Silo.Telemetry;

// A silo and nothing else; the front door's program can host one too.
return await StartFailures.ExplainAsync(async () =>
{
    var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
    builder.AddStellarPaySettings();
    var settings = builder.ReadStellarPaySettings();
    builder.CheckSettings(settings);
    builder.AddStellarPayTelemetry(settings);
    builder.AddStellarPaySilo(settings, await NetworkProfileResolver.ResolveAsync(settings, CancellationToken.None));
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    await using var app = builder.Build();
    await app.MigratePostgresAsync();
    await app.StartOrStopAsync();
    await app.WaitForShutdownAsync();
});
