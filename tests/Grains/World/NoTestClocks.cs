using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Grains.Tests.World;

/// <summary>A world without test clocks, as one on the public network: they are PostgreSQL's, and tests of them have that.</summary>
internal sealed class NoTestClocks : ITestClocks
{
    public Task<TestClockTime?> FindTimeAsync(string clock, CancellationToken cancellationToken) => Task.FromResult<TestClockTime?>(null);

    public Task<bool> AddAsync(TestClock clock, int most, RequestKey? key, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<TestClock?> FindAsync(MerchantId merchant, TestClockId clock, CancellationToken cancellationToken) =>
        Task.FromResult<TestClock?>(null);

    public Task<IReadOnlyList<TestClock>?> ListAsync(
        MerchantId merchant, TestClockId? named, bool isBackwards, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TestClock>?>([]);

    public Task<string> AdvanceAsync(
        MerchantId merchant, TestClockId clock, DateTimeOffset target, RequestKey? key, CancellationToken cancellationToken) =>
        Task.FromResult("unknown");

    public Task<bool> DeleteAsync(MerchantId merchant, TestClockId clock, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<string> AdmitAsync(MerchantId merchant, TestClockId clock, int most, CancellationToken cancellationToken) =>
        Task.FromResult("unknown");

    public Task GiveBackAsync(TestClockId clock, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> FindMovingAsync(
        DateTimeOffset now, int partition, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<TestClockStep> StepAsync(string clock, int attempts, TimeSpan pause, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(new TestClockStep(false, []));
}
