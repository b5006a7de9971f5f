using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Xdr;

/// <summary>What a real stellar-core took and answered; see tests/Sandbox/Vectors/README.md.</summary>
public sealed class RecordedStoriesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vectors", "stellar-core-19");

    public static TheoryData<string> Stories => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileName(f)!)];

    [Fact]
    public void All_48_stories_are_here() => Stories.Count.ShouldBe(48);

    [Theory]
    [MemberData(nameof(Stories))]
    public void Every_envelope_and_result_is_read_and_written_to_the_same_bytes_and_hashes_as_recorded(string file)
    {
        using var story = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        var passphrase = story.RootElement.GetProperty("passphrase").GetString()!;
        var network = new Hash(SHA256.HashData(Encoding.UTF8.GetBytes(passphrase)));

        foreach (var step in story.RootElement.GetProperty("steps").EnumerateArray())
        {
            var envelope = step.GetProperty("envelope").GetString()!;
            var decoded = TransactionEnvelope.FromXdrBase64(envelope);
            decoded.ToXdrBase64().ShouldBe(envelope);
            new Hash(SHA256.HashData(TransactionSignaturePayload.Of(network, decoded).ToXdr())).ToString()
                .ShouldBe(step.GetProperty("hash").GetString());

            var result = step.GetProperty("result").GetString()!;
            var applied = TransactionResult.FromXdrBase64(result);
            applied.ToXdrBase64().ShouldBe(result);
            if (step.TryGetProperty("fee_charged", out var fee))
                applied.FeeCharged.ShouldBe(long.Parse(fee.GetString()!));
        }
    }
}
