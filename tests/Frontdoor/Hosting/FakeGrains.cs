using StellarPay.Grains.Identifiers;
using System.Collections.Concurrent;
using System.Reflection;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.RateLimits;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>Grains that answer from memory, so that a test decides what they say and sees what they were asked.</summary>
internal sealed class FakeGrains
{
    private readonly ConcurrentDictionary<string, FakeWallet> _wallets = new(StringComparer.Ordinal);
    private volatile Exception? _newFail;
    private volatile Error? _newRefuse;

    public FakeGrains()
    {
        Factory = DispatchProxy.Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)(object)Factory).Grains = this;
    }

    public IGrainFactory Factory { get; }

    public FakeFollower Follower { get; } = new();

    public FakeLedgerOwner Owner { get; } = new();

    public FakeSuspense Suspense { get; } = new();

    public FakeRateLimits RateLimits { get; } = new();

    public FakeMerchants Merchants { get; } = new();

    public FakeWallet Wallet(string key) =>
        _wallets.GetOrAdd(key, id => new FakeWallet(id) { Fails = _newFail, Refuses = _newRefuse });

    /// <summary>Until it is disposed of, wallets that are first touched fail.</summary>
    public IDisposable AllNewWalletsFail(Exception exception)
    {
        _newFail = exception;
        return new Undo(() => _newFail = null);
    }

    /// <summary>Until it is disposed of, wallets that are first touched refuse.</summary>
    public IDisposable AllNewWalletsRefuse(Error error)
    {
        _newRefuse = error;
        return new Undo(() => _newRefuse = null);
    }

    public int Changes => _wallets.Values.Sum(wallet => wallet.Changes);

    private object Get(Type grain, string key) => grain switch
    {
        _ when grain == typeof(IWalletGrain) => GrainProxy.Of<IWalletGrain>(Wallet(key)),
        _ when grain == typeof(IWalletControl) => GrainProxy.Of<IWalletControl>(Wallet(key), Owner),
        _ when grain == typeof(IFollowerGrain) => GrainProxy.Of<IFollowerGrain>(Follower),
        _ when grain == typeof(IRateLimitGrain) => GrainProxy.Of<IRateLimitGrain>(RateLimits.Of(key)),
        _ when grain == typeof(IMerchantGrain) => GrainProxy.Of<IMerchantGrain>(Merchants.Of(key)),
        _ when grain == typeof(IMerchantControl) => GrainProxy.Of<IMerchantControl>(Merchants.Of(key), Owner),
        _ when grain == typeof(IPaymentSessionGrain) => GrainProxy.Of<IPaymentSessionGrain>(new NoPaymentSession()),
        _ when grain == typeof(ISuspenseGrain) => GrainProxy.Of<ISuspenseGrain>(Suspense),
        _ => throw new InvalidOperationException($"The front door asked for {grain.Name}, which it should not know."),
    };

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }

    internal class FactoryProxy : DispatchProxy
    {
        public FakeGrains Grains { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod is { Name: nameof(IGrainFactory.GetGrain), IsGenericMethod: true } && args![0] is string key
                ? Grains.Get(targetMethod.GetGenericArguments()[0], key)
                : throw new InvalidOperationException($"The front door should not call {targetMethod?.Name}.");
    }

    /// <summary>Passes a grain's calls to the method of the same name. (A class with the interface would be a grain.)</summary>
    internal class GrainProxy : DispatchProxy
    {
        private object[] _targets = [];

        public static T Of<T>(params object[] targets)
            where T : class
        {
            var proxy = Create<T, GrainProxy>();
            ((GrainProxy)(object)proxy)._targets = targets;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var (target, own) = _targets.Select(one => (one, Method: one.GetType().GetMethod(targetMethod!.Name)))
                .FirstOrDefault(one => one.Method is not null);
            return own is null
                ? throw new InvalidOperationException($"The front door should not call {targetMethod!.Name}.")
                : own.Invoke(target, [.. args!.Where(arg => arg is not CancellationToken)]);
        }
    }
}

/// <summary>A follower that reads, unless a test says otherwise.</summary>
internal sealed class FakeFollower
{
    public bool Running { get; set; } = true;

    public Exception? Fails { get; set; }

    public Func<FollowerStatus, FollowerStatus> Shape { get; set; } = status => status;

    public Task<FollowerStatus> GetStatusAsync() =>
        Fails is null ? Task.FromResult(Shape(new FollowerStatus(1, 1, Running))) : Task.FromException<FollowerStatus>(Fails);
}

/// <summary>Notes what is decided of parked rows.</summary>
internal sealed class FakeLedgerOwner
{
    /// <summary>Which were asked to be taken in, and by whom.</summary>
    public List<(long Token, string Operator)> Retried { get; } = [];

    /// <summary>Which were given up, and by whom.</summary>
    public List<(long Token, string Operator)> Closed { get; } = [];

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId)
    {
        Retried.Add((token, operatorId.Value));
        return Task.FromResult<Result<int>>(1);
    }

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId)
    {
        Closed.Add((token, operatorId.Value));
        return Task.FromResult<Result<int>>(1);
    }

    public Task<Result<int>> RetrySetAsideAsync(long id, UserId operatorId) => RetryParkedAsync(id, operatorId);

    public Task<Result<int>> CloseSetAsideAsync(long id, UserId operatorId) => CloseParkedAsync(id, operatorId);
}

/// <summary>Notes what is decided of deposits, or refuses.</summary>
internal sealed class FakeSuspense
{
    public List<string> Decided { get; } = [];

    public Error? Refuses { get; set; }

    public Task<Result<string>> AssignAsync(string id, UserId operatorId, UserId user, string address) =>
        Decide(id, $"assign {user} {operatorId}");

    public Task<Result<string>> ReturnAsync(string id, UserId operatorId) => Decide(id, $"return {operatorId}");

    public Task<Result<string>> KeepAsync(string id, UserId operatorId) => Decide(id, $"keep {operatorId}");

    private Task<Result<string>> Decide(string id, string what)
    {
        Decided.Add($"{id} {what}");
        return Task.FromResult<Result<string>>(Refuses is { } error ? error : id);
    }
}
