using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Tests.Auth;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class TokenSecretTests : IDisposable
{
    private const string One = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private const string Other = "f0e1d2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff";

    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-secret-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_key_for_tokens_goes_before_the_key_for_wallets()
    {
        Read(token: One, wallet: Other).ShouldBe(Convert.FromHexString(One));
        Read(wallet: Other).ShouldBe(Convert.FromHexString(Other));
    }

    [Fact]
    public void In_development_a_file_is_made_once_that_only_its_owner_may_read()
    {
        var made = Read();

        made.Length.ShouldBe(32);
        Read().ShouldBe(made);
        File.GetUnixFileMode(Path.Combine(_folder, "token-key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }

    [Fact]
    public void Outside_development_a_missing_secret_is_a_sentence() =>
        Should.Throw<OptionsValidationException>(() => Read(development: false)).Message.ShouldBe(
            "TOKEN_ENCRYPTION_KEY is missing, and a file in its place is made in development only.");

    [Fact]
    public void A_file_that_others_may_read_or_that_is_damaged_is_refused()
    {
        Read();
        var path = Path.Combine(_folder, "token-key");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Should.Throw<OptionsValidationException>(() => Read()).Message.ShouldContain("chmod 600");

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(path, "secret-4711");
        Should.Throw<OptionsValidationException>(() => Read()).Message.ShouldNotContain("4711");
    }

    private byte[] Read(string token = "", string wallet = "", bool development = true) => TokenSecret.Read(
        new StellarPaySettings { StateFolder = _folder, TokenEncryptionKey = token, WalletEncryptionKey = wallet }, development);
}
