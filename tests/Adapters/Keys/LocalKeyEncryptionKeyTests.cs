using System.Security.Cryptography;
using StellarPay.Adapters.Keys;

namespace StellarPay.Adapters.Tests.Keys;

public sealed class LocalKeyEncryptionKeyTests
{
    private static readonly byte[] DataKey = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];

    [Fact]
    public async Task A_data_key_comes_back_from_its_wrapping()
    {
        var kek = NewKek();

        var wrapped = await kek.WrapAsync(DataKey, CancellationToken.None);

        wrapped.KeyId.ShouldBe(kek.CurrentKeyId);
        wrapped.Bytes.Length.ShouldBe(12 + 32 + 16);
        (await kek.UnwrapAsync(wrapped, CancellationToken.None)).ShouldBe(DataKey);
    }

    [Fact]
    public async Task Two_wrappings_of_one_data_key_differ()
    {
        var kek = NewKek();

        var first = await kek.WrapAsync(DataKey, CancellationToken.None);
        var second = await kek.WrapAsync(DataKey, CancellationToken.None);

        first.Bytes.ShouldNotBe(second.Bytes);
    }

    [Fact]
    public async Task Every_changed_byte_is_noticed()
    {
        var kek = NewKek();
        var wrapped = await kek.WrapAsync(DataKey, CancellationToken.None);
        for (var i = 0; i < wrapped.Bytes.Length; i++)
        {
            var bytes = (byte[])wrapped.Bytes.Clone();
            bytes[i] ^= 1;
            await Should.ThrowAsync<CryptographicException>(() => kek.UnwrapAsync(wrapped with { Bytes = bytes }, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_truncated_wrapping_and_a_foreign_key_are_refused()
    {
        var kek = NewKek();
        var wrapped = await kek.WrapAsync(DataKey, CancellationToken.None);

        await Should.ThrowAsync<CryptographicException>(
            () => kek.UnwrapAsync(wrapped with { Bytes = wrapped.Bytes[..28] }, CancellationToken.None));
        await Should.ThrowAsync<CryptographicException>(() => NewKek().UnwrapAsync(wrapped, CancellationToken.None));
    }

    private static LocalKeyEncryptionKey NewKek() =>
        new(LocalKeyRing.FromHex(Convert.ToHexString(RandomNumberGenerator.GetBytes(32))));
}
