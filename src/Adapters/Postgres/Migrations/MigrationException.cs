namespace StellarPay.Adapters.Postgres.Migrations;

/// <summary>The database and the migrations at hand do not fit; the message names the file.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
