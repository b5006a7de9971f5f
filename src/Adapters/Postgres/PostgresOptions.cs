namespace StellarPay.Adapters.Postgres;

/// <summary>Where the database is and whose rows in it are ours.</summary>
public sealed class PostgresOptions
{
    /// <summary>An Npgsql connection string, for example <c>Host=127.0.0.1;Database=stellarpay;Username=stellarpay</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Orleans' service id: the first key of every row. Two services can share a database.</summary>
    public string ServiceId { get; set; } = "stellarpay";
}
