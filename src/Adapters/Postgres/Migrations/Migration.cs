using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Adapters.Postgres.Migrations;

/// <summary>One file of infra/postgres/migrations: <c>NNNN_name.sql</c>.</summary>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>
    /// The first line of a migration that takes long. While a transaction writes, no reader of events sees what came after
    /// it began: hub and lists stand still. Such a file is one statement that needs no transaction (CREATE INDEX CONCURRENTLY)
    /// or commits in pieces (CALL), and that can be begun again after it was cut off.
    /// </summary>
    public const string OutsideMark = "-- outside a transaction";

    private const string Folder = "migrations/";

    /// <summary>Whether it runs outside a transaction.</summary>
    public bool IsOutside { get; } = Sql.StartsWith(OutsideMark, StringComparison.Ordinal);

    /// <summary>SHA-256 over the text with Unix line ends, so that a checkout's line ends do not matter.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public static Migration Parse(string name, string sql)
    {
        if (name.Length < 6 || name[4] != '_' || !name.EndsWith(".sql", StringComparison.Ordinal)
            || !int.TryParse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new MigrationException($"Migration {name} is not named NNNN_name.sql.");
        }

        return new Migration(number, name, sql);
    }

    /// <summary>The migrations built into an assembly, in order.</summary>
    public static IReadOnlyList<Migration> EmbeddedIn(Assembly assembly) =>
        InOrder(assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource => Parse(resource[Folder.Length..], Read(assembly, resource))));

    public static IReadOnlyList<Migration> InOrder(IEnumerable<Migration> migrations)
    {
        var ordered = migrations.OrderBy(m => m.Number).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Number == ordered[i - 1].Number)
            {
                throw new MigrationException(
                    $"Migrations {ordered[i - 1].Name} and {ordered[i].Name} have the same number.");
            }
        }

        return ordered;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
