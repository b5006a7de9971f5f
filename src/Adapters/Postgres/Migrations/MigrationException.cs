namespace StellarPay.Adapters.Postgres.Migrations;

/// <summary>This program cannot use the database as it is; the message says why, and names the file where it is a migration.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
