using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Json;

/// <summary>Of which time what is listed is asked for.</summary>
/// <param name="Created">That was made in this second of Unix time.</param>
/// <param name="After">That was made after it.</param>
/// <param name="From">That was made in it or after.</param>
/// <param name="Before">That was made before it.</param>
/// <param name="To">That was made in it or before.</param>
internal sealed record CreatedRange(
    [property: FromQuery(Name = "created")] long? Created,
    [property: FromQuery(Name = "created[gt]")] long? After,
    [property: FromQuery(Name = "created[gte]")] long? From,
    [property: FromQuery(Name = "created[lt]")] long? Before,
    [property: FromQuery(Name = "created[lte]")] long? To)
{
    /// <summary>Of any time.</summary>
    public static CreatedRange Any { get; } = new(null, null, null, null, null);

    private const long LastSecond = 253_402_300_798;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    /// <param name="from">From when on, or null.</param>
    /// <param name="until">Before when, or null.</param>
    public Problem? Read(out DateTimeOffset? from, out DateTimeOffset? until)
    {
        (from, until) = (null, null);
        if (new[] { Created, After, From, Before, To }.Any(second => second is < 0 or > LastSecond))
        {
            return Problem.Invalid("parameter_invalid", "'created' is a time in seconds of Unix time.", "created");
        }

        (from, until) = (TimeOf(new[] { Created, From, After + 1 }.Max()), TimeOf(new[] { Created + 1, Before, To + 1 }.Min()));
        return null;
    }

    private static DateTimeOffset? TimeOf(long? second) => second is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : null;
}
