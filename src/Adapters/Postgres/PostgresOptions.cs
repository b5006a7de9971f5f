using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace StellarPay.Adapters.Postgres;

/// <summary>Where the database is and whose rows in it are ours.</summary>
public sealed class PostgresOptions : IValidatableObject
{
    /// <summary>An Npgsql connection string, for example <c>Host=127.0.0.1;Database=stellarpay;Username=stellarpay</c>.</summary>
    [Required(ErrorMessage = "STELLARPAY_POSTGRES is missing: the connection string of the PostgreSQL database.")]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The same database without a pooler of transactions before it: shared commits, LISTEN and migrations keep a session. The
    /// other one unless it is set.
    /// </summary>
    public string DirectConnectionString
    {
        get => field.Length > 0 ? field : ConnectionString;
        set;
    } = "";

    /// <summary>
    /// After which time the server ends a session that is idle within a transaction: no event is read past one that has written and
    /// waits for a process that stopped.
    /// </summary>
    public TimeSpan IdleInTransaction { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Orleans' service id: the first key of every row. Two services can share a database.</summary>
    [Required(ErrorMessage = "STELLARPAY_SERVICE_ID is empty.")]
    public string ServiceId { get; set; } = "stellarpay";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FaultOf("STELLARPAY_POSTGRES", ConnectionString) is { } fault)
        {
            yield return new ValidationResult(fault, [nameof(ConnectionString)]);
        }
        else if (FaultOf("STELLARPAY_POSTGRES_DIRECT", DirectConnectionString) is { } direct)
        {
            yield return new ValidationResult(direct, [nameof(DirectConnectionString)]);
        }
    }

    private static string? FaultOf(string setting, string connectionString)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connectionString);
            return string.IsNullOrWhiteSpace(parsed.Host) || string.IsNullOrWhiteSpace(parsed.Database)
                ? $"{setting} must name a Host and a Database."
                : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text itself may hold a password, so only the reason is repeated.
            return $"{setting} is not a connection string: {e.Message}";
        }
    }
}
