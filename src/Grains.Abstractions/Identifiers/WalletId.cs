using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Grains.Identifiers;

/// <summary>
/// The id of a wallet, which is also the key of its grain: <c>wal_</c> and 24 characters, sortable by the time it was made.
/// </summary>
[GenerateSerializer, Immutable, Alias("sp.WalletId")]
public readonly record struct WalletId
{
    /// <summary>What every such id begins with.</summary>
    public const string Prefix = "wal_";

    private WalletId(string value) => Value = value;

    /// <summary>The id as it is written in JSON, URLs and grain keys.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>The user whose wallet it is: the other way round of <see cref="Of"/>.</summary>
    public UserId Owner => UserId.Parse(UserId.Prefix + Value[Prefix.Length..]);

    /// <summary>Makes a new id from the time's milliseconds and 72 random bits.</summary>
    public static WalletId New(TimeProvider time) => new(PrefixedId.New(Prefix, time));

    /// <summary>The wallet of a user: each user has one, and its id is the user's under the wallet's prefix.</summary>
    public static WalletId Of(UserId user) => new(Prefix + user.Value[UserId.Prefix.Length..]);

    /// <summary>Parses an id strictly.</summary>
    /// <exception cref="FormatException">The text has another prefix, length or alphabet.</exception>
    public static WalletId Parse(string? text) => new(PrefixedId.Require(text, Prefix, "wallet"));

    /// <summary>Parses an id strictly; false where <see cref="Parse"/> would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WalletId id)
    {
        var valid = PrefixedId.IsValid(text, Prefix);
        id = valid ? new WalletId(text!) : default;
        return valid;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
