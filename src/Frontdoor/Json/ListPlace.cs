using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Json;

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Limit">How many: 1 to 100, 10 if it is left out.</param>
/// <param name="StartingAfter">The id that the page comes after, towards older ones.</param>
/// <param name="EndingBefore">The id that the page ends before, towards newer ones.</param>
internal sealed record ListPlace(
    [property: FromQuery(Name = "limit")] int? Limit,
    [property: FromQuery(Name = "starting_after")] string? StartingAfter,
    [property: FromQuery(Name = "ending_before")] string? EndingBefore)
{
    /// <summary>Whether newer ones are asked for.</summary>
    public bool IsBackwards => EndingBefore is not null;

    /// <summary>The id that is named; null where none is.</summary>
    public string? Named => EndingBefore ?? StartingAfter;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Problem? Read(out int limit) =>
        PageLimit.Read(Limit, out limit)
        ?? (StartingAfter is not null && EndingBefore is not null
            ? Problem.Invalid("parameter_invalid", "'starting_after' and 'ending_before' exclude each other.", "ending_before")
            : null);

    /// <summary>That the id that is named is nothing of the caller's.</summary>
    public Problem Unknown() => IsBackwards
        ? Problem.Invalid("parameter_invalid", "'ending_before' is the id of one of the list.", "ending_before")
        : Problem.Invalid("parameter_invalid", "'starting_after' is the id of one of the list.", "starting_after");
}
