using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Inspection;

/// <summary><c>tx inspect BASE64|- [--network public|testnet|PASSPHRASE]</c>: prints what an envelope says.</summary>
internal static class TxCommand
{
    public const string Name = "tx";

    private const string Usage =
        """
        usage: tx inspect BASE64|- [--network public|testnet|PASSPHRASE]

          BASE64     a transaction envelope; - reads it from standard input
          --network  also print the hash on that network, and verify the signatures
        """;

    // The network takes no transaction nearly as large.
    private const int MaxInputLength = 4 * 1024 * 1024;
    private const int Refused = 1;
    private const int Misused = 2;

    /// <summary>Runs the command; the exit code is 0 if the envelope could be read.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextReader input, TextWriter output, TextWriter errors)
    {
        if (args is not (["inspect", _] or ["inspect", _, "--network", _]))
        {
            await errors.WriteLineAsync(Usage);
            return Misused;
        }

        try
        {
            var network = args.Count == 4 ? Network(args[3]) : null;
            var text = args[1] == "-" ? await ReadAsync(input) : args[1];
            var envelope = TransactionEnvelope.FromXdrBase64(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
            await output.WriteLineAsync(Inspect.EnvelopeText(envelope, network));
            return 0;
        }
        catch (Exception e) when (e is XdrException or ArgumentException)
        {
            await errors.WriteLineAsync($"That is not a transaction envelope that can be read: {e.Message}");
            return Refused;
        }
    }

    private static StellarNetwork Network(string name) => name switch
    {
        "public" => StellarNetwork.Public,
        "testnet" => StellarNetwork.Testnet,
        _ => new StellarNetwork(name),
    };

    private static async Task<string> ReadAsync(TextReader input)
    {
        var buffer = new char[MaxInputLength + 1];
        var length = await input.ReadBlockAsync(buffer);
        return length <= MaxInputLength
            ? new string(buffer, 0, length)
            : throw new XdrException($"It is longer than {MaxInputLength} characters.");
    }
}
