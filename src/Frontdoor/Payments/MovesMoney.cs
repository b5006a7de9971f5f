namespace StellarPay.Frontdoor.Payments;

/// <summary>By this endpoint money moves, now or later: a lost answer is told as such, and a key may be asked for.</summary>
/// <param name="Key">What is told of the header; null where none is taken, since what is moved is named and moves once.</param>
/// <param name="AlwaysNeedsKey">Whether there is no request without it.</param>
internal sealed record MovesMoney(string? Key = null, bool AlwaysNeedsKey = false)
{
    /// <summary>An endpoint that takes no request without a key.</summary>
    public static MovesMoney UnderKey { get; } = new(
        "A key of the caller's own for this request, 1 to 255 printable ASCII characters, for 24 hours: the same request under the "
        + "same key is done once, and answered with what came of it.",
        AlwaysNeedsKey: true);

    /// <summary>An endpoint that takes some requests without one.</summary>
    public static MovesMoney UnderKeyWithConfirm { get; } = new($"{UnderKey.Key} Required with confirm.");

    /// <summary>An endpoint that names what is moved, which happens once.</summary>
    public static MovesMoney Once { get; } = new();
}
