using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace StellarPay.Adapters.Postgres;

/// <summary>Where the database is and whose rows in it are ours.</summary>
public sealed class PostgresOptions : IValidatableObject
{
    /// <summary>An Npgsql connection string, for example <c>Host=127.0.0.1;Database=stellarpay;Username=stellarpay</c>.</summary>
    [Required(ErrorMessage = "STELLARPAY_POSTGRES is missing: the connection string of the PostgreSQL database.")]
    public string ConnectionString { get; set; } = "";

    /// <summary>Orleans' service id: the first key of every row. Two services can share a database.</summary>
    [Required(ErrorMessage = "STELLARPAY_SERVICE_ID is empty.")]
    public string ServiceId { get; set; } = "stellarpay";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FaultOf(ConnectionString) is { } fault)
        {
            yield return new ValidationResult(fault, [nameof(ConnectionString)]);
        }
    }

    private static string? FaultOf(string connectionString)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrWhiteSpace(parsed.Host) || string.IsNullOrWhiteSpace(parsed.Database)
                ? "STELLARPAY_POSTGRES must name a Host and a Database."
                : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text itself may hold a password, so only the reason is repeated.
            return $"STELLARPAY_POSTGRES is not a connection string: {e.Message}";
        }
    }
}
