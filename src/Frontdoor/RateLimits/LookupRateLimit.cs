using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// How many names one user may have resolved, whichever request asks for it: each answer tells whether somebody is here, and many
/// of them are the directory. A name that was found for him tells nothing new and costs nothing.
/// </summary>
internal sealed class LookupRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options)
{
    // Forgotten all at once when they are more: then they cost once more.
    private const int MostFound = 20_000;

    private readonly ConcurrentDictionary<(UserId User, string Name), bool> _found = [];
    private readonly RateLimit _limit = RateLimit.AMinute("names", options.Value.LookupPerUser);

    /// <summary>Null if there is room for one more, or none is needed.</summary>
    public async ValueTask<Error?> TakeAsync(UserId user, string name)
    {
        if (_found.ContainsKey((user, name)) || await table.TakeAsync(_limit, user.Value) is not { } wait)
        {
            return null;
        }

        var refused = StatusProblems.Of(StatusCodes.Status429TooManyRequests);
        return new Error(ErrorKind.RateLimited, refused.Code, refused.Message, RetryAfter: wait);
    }

    /// <summary>Takes note that a name was found for a user.</summary>
    public void Found(UserId user, string name)
    {
        if (_found.Count >= MostFound)
        {
            _found.Clear();
        }

        _found[(user, name)] = true;
    }
}
