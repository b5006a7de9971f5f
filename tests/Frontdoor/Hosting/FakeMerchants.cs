using System.Collections.Concurrent;
using System.Security.Cryptography;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Stellar;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>Merchants' accounts in memory: opened once, and told on what terms they sell.</summary>
internal sealed class FakeMerchants
{
    private readonly ConcurrentDictionary<string, FakeMerchant> _all = new(StringComparer.Ordinal);

    public FakeMerchant Of(string key) => _all.GetOrAdd(key, id => new FakeMerchant(id));
}

/// <summary>One of them.</summary>
internal sealed class FakeMerchant(string id)
{
    private MerchantView? _view;

    /// <summary>What it was told last; null before.</summary>
    public (bool Suspended, int Tier)? Terms => _view is null ? null : (_view.Suspended, _view.Tier);

    public Task<Result<MerchantView>> OpenAsync(MerchantId caller, int tier, OpeningOrigin? origin, ExcessChoices? excess)
    {
        Origins.Add(origin);
        Excess ??= excess;
        _view ??= new MerchantView(
            caller, new AccountId(RandomNumberGenerator.GetBytes(32)).ToString(), MerchantAccountStatus.Active,
            Suspended: false, Tier: tier, [], 1);
        return GetAsync(caller);
    }

    public Task<Result<MerchantView>> GetAsync(MerchantId caller) =>
        Task.FromResult<Result<MerchantView>>(_view is null || caller.Value != id ? NotFound : _view);

    /// <summary>Whence its opening was asked for, each time.</summary>
    public List<OpeningOrigin?> Origins { get; } = [];

    /// <summary>Of which decisions it was told, in the order in which they came.</summary>
    public List<long> Decisions { get; } = [];

    /// <summary>What it was told last to do with what comes beyond a price, or too late.</summary>
    public ExcessChoices? Excess { get; private set; }

    public Task<Result<MerchantView>> SetTermsAsync(long decision, bool suspended, int? tier, ExcessChoices? excess)
    {
        Excess = _view is null ? null : excess ?? Excess;
        Decisions.Add(decision);
        _view = _view is null ? null : _view with { Suspended = suspended, Tier = tier ?? _view.Tier };
        return Task.FromResult<Result<MerchantView>>(_view is null ? NotFound : _view);
    }

    private static Error NotFound { get; } = new(ErrorKind.NotFound, "merchant_not_found", "There is no such merchant.");
}
