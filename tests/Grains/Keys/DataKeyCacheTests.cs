using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Tests;

namespace StellarPay.Grains.Tests.Keys;

public sealed class DataKeyCacheTests : IDisposable
{
    private readonly TestClock _time = new();
    private readonly DataKeyCache _cache;
    private readonly List<byte[]> _unwrapped = [];

    public DataKeyCacheTests() => _cache = New(seconds: 300, size: 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task A_key_is_unwrapped_once_in_its_lifetime_and_again_after_it_however_often_it_is_used()
    {
        for (var minute = 0; minute < 5; minute++)
        {
            (await UseAsync(_cache, 1)).ShouldBe(Key(1));
            _time.Advance(TimeSpan.FromSeconds(59));
        }

        _unwrapped.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        (await UseAsync(_cache, 1)).ShouldBe(Key(1));
        _unwrapped.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_whose_time_is_over_is_wiped_without_being_asked_for()
    {
        await UseAsync(_cache, 1);
        _cache.Count.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(301));

        _cache.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Who_comes_while_a_key_is_unwrapped_waits_for_it()
    {
        var keeper = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        var uses = Enumerable.Range(0, 20).Select(_ => _cache.UseAsync(
            Wrapped(7),
            _ =>
            {
                asked++;
                return keeper.Task;
            },
            key => key.ToArray(),
            Stop)).ToArray();

        keeper.SetResult(Key(7));

        (await Task.WhenAll(uses)).ShouldAllBe(key => key.SequenceEqual(Key(7)));
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Who_waits_shares_a_failure_but_not_anothers_impatience()
    {
        var keeper = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var impatient = new CancellationTokenSource();
        var first = _cache.UseAsync(Wrapped(1), stop => keeper.Task.WaitAsync(stop), key => key.ToArray(), impatient.Token);
        var second = UseAsync(_cache, 1);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        (await second).ShouldBe(Key(1));

        var failing = _cache.UseAsync(Wrapped(2), _ => keeper.Task, key => key.ToArray(), Stop);
        var sharing = UseAsync(_cache, 2);
        keeper.SetException(new KeyEncryptionUnavailableException());
        await Should.ThrowAsync<KeyEncryptionUnavailableException>(failing);
        await Should.ThrowAsync<KeyEncryptionUnavailableException>(sharing);
        (await UseAsync(_cache, 2)).ShouldBe(Key(2));
    }

    [Fact]
    public async Task A_full_cache_gives_up_a_key_that_was_not_used_of_late()
    {
        foreach (var number in new[] { 1, 2, 3 })
        {
            await UseAsync(_cache, number);
        }

        await UseAsync(_cache, 1);
        await UseAsync(_cache, 3);
        await UseAsync(_cache, 4);

        _cache.Count.ShouldBe(3);
        _unwrapped.Clear();
        await UseAsync(_cache, 1);
        await UseAsync(_cache, 3);
        await UseAsync(_cache, 4);
        _unwrapped.ShouldBeEmpty();
        await UseAsync(_cache, 2);
        _unwrapped.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_is_forgotten_is_unwrapped_again()
    {
        await UseAsync(_cache, 1);

        _cache.Forget(Wrapped(1));

        _cache.Count.ShouldBe(0);
        await UseAsync(_cache, 1);
        _unwrapped.Count.ShouldBe(2);
    }

    [Fact]
    public async Task With_a_lifetime_of_nothing_no_key_is_kept()
    {
        using var cache = New(seconds: 0, size: 3);
        cache.Put(Wrapped(1), Key(1));

        await UseAsync(cache, 1);
        await UseAsync(cache, 1);

        (cache.Count, _unwrapped.Count).ShouldBe((0, 2));
    }

    [Fact]
    public async Task Each_copy_that_the_keeper_gave_is_wiped()
    {
        await UseAsync(_cache, 1);
        await Should.ThrowAsync<CryptographicException>(_cache.UseAsync<int>(
            Wrapped(2), Unwrap(2), _ => throw new CryptographicException("bad"), Stop));

        _unwrapped.Count.ShouldBe(2);
        _unwrapped.ShouldAllBe(key => key.All(b => b == 0));
    }

    [Fact]
    public async Task After_its_end_the_cache_keeps_nothing_and_still_lets_a_key_be_used()
    {
        await UseAsync(_cache, 1);

        _cache.Dispose();

        (await UseAsync(_cache, 1)).ShouldBe(Key(1));
        _cache.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(86_401, 10)]
    [InlineData(300, 0)]
    public void Settings_out_of_range_are_refused(int seconds, int size) =>
        new DataAnnotationValidateOptions<KeyOptions>(null)
            .Validate(null, new KeyOptions { DataKeyCacheSeconds = seconds, DataKeyCacheSize = size }).Failed.ShouldBeTrue();

    private static byte[] Key(int number) => SHA256.HashData([(byte)number]);

    private static WrappedKey Wrapped(int number) => new("kek-1", SHA256.HashData([(byte)number, 1]));

    private DataKeyCache New(int seconds, int size) =>
        new(Options.Create(new KeyOptions { DataKeyCacheSeconds = seconds, DataKeyCacheSize = size }), _time);

    private Func<CancellationToken, Task<byte[]>> Unwrap(int number) => _ =>
    {
        var key = Key(number);
        _unwrapped.Add(key);
        return Task.FromResult(key);
    };

    private Task<byte[]> UseAsync(DataKeyCache cache, int number) =>
        cache.UseAsync(Wrapped(number), Unwrap(number), key => key.ToArray(), Stop);
}
