using Microsoft.Extensions.Options;
using Npgsql;

namespace StellarPay.Adapters.Postgres;

/// <summary>Stops the start on a connection string that Npgsql does not read or that names no host or database.</summary>
internal sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail(
                "STELLARPAY_POSTGRES is missing: the connection string of the PostgreSQL database.");
        }

        if (string.IsNullOrWhiteSpace(options.ServiceId))
        {
            return ValidateOptionsResult.Fail("STELLARPAY_SERVICE_ID is empty.");
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            return string.IsNullOrWhiteSpace(parsed.Host) || string.IsNullOrWhiteSpace(parsed.Database)
                ? ValidateOptionsResult.Fail("STELLARPAY_POSTGRES must name a Host and a Database.")
                : ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text itself may hold a password, so only the reason is repeated.
            return ValidateOptionsResult.Fail($"STELLARPAY_POSTGRES is not a connection string: {e.Message}");
        }
    }
}
