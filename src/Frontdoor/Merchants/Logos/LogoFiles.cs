using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using StellarPay.Frontdoor.Checkout.Page;

namespace StellarPay.Frontdoor.Merchants.Logos;

/// <summary>Serves logos, each by a name that says what is in it, so that browsers keep it for ever.</summary>
internal sealed class LogoFiles(NpgsqlDataSource database) : IDisposable
{
    /// <summary>Where they are, at the pages' origin.</summary>
    public const string Route = $"{CheckoutFiles.Folder}logo-{{name}}.png";

    private const int NameLength = 64;

    // A front door keeps so many bytes of them.
    private const long MostKept = 16 * 1024 * 1024;

    // That there is none is remembered too.
    private const int SizeOfNothing = 128;

    // By then its business may be suspended; or there is one where there was none.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NothingKeptFor = TimeSpan.FromSeconds(10);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostKept });

    /// <summary>Where a logo is, at the pages' origin; null for none.</summary>
    /// <param name="name">The SHA-256 of the file, in hexadecimal digits.</param>
    public static string? PathOf(string? name) => name is null ? null : Route.Replace("{name}", name, StringComparison.Ordinal);

    /// <summary>A logo by what is in it.</summary>
    public async Task<Results<FileContentHttpResult, NotFound>> GetAsync(string name, HttpContext context)
    {
        if (name.Length != NameLength || !name.All(char.IsAsciiHexDigitLower))
        {
            return TypedResults.NotFound();
        }

        if (!_kept.TryGetValue(name, out byte[]? png))
        {
            png = await ReadAsync(name, context.RequestAborted);
            _kept.Set(name, png, new MemoryCacheEntryOptions
            {
                Size = png?.Length ?? SizeOfNothing, AbsoluteExpirationRelativeToNow = png is null ? NothingKeptFor : KeptFor,
            });
        }

        if (png is null)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = CheckoutFiles.ForEver;
        return TypedResults.Bytes(png, "image/png");
    }

    public void Dispose() => _kept.Dispose();

    private async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT l.png FROM merchants.logos l JOIN merchants.merchants m ON m.id = l.merchant_id
            WHERE l.name = $1 AND m.status <> 'suspended' LIMIT 1
            """);
        command.Parameters.AddWithValue(name);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }
}
