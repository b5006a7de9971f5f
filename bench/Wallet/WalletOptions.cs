using System.Globalization;

namespace StellarPay.Bench.Wallet;

/// <summary>How <c>bench wallet</c> runs.</summary>
internal sealed record WalletOptions
{
    public const string Usage = "wallet [--json] [--seconds N] [--wallets FEW,MANY] [--lanes N] [--keep]";

    // What a wallet costs in memory is taken from those that come in between.
    private const int FewestMore = 1_000;

    public bool Json { get; private init; }

    /// <summary>How long each phase is measured.</summary>
    public int Seconds { get; private init; } = 20;

    /// <summary>Wallets that exist at first; all of them sign up and pay.</summary>
    public int Few { get; private init; } = 1_000;

    /// <summary>Wallets that exist in the end.</summary>
    public int Many { get; private init; } = 100_000;

    /// <summary>Payments that each payer has under way at once.</summary>
    public int Lanes { get; private init; } = 1;

    /// <summary>Whether the folder with the logs stays.</summary>
    public bool Keep { get; private init; }

    /// <summary>Null where the arguments are not understood.</summary>
    public static WalletOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new WalletOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var numbers = value.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var n) ? n : 0).ToArray();
            switch (arguments[i], numbers)
            {
                case ("--json", _):
                    options = options with { Json = true };
                    continue;
                case ("--keep", _):
                    options = options with { Keep = true };
                    continue;
                case ("--seconds", [> 0 and var seconds]):
                    options = options with { Seconds = seconds };
                    break;
                case ("--lanes", [> 0 and var lanes]):
                    options = options with { Lanes = lanes };
                    break;
                case ("--wallets", [> 1 and var few, var many]) when many >= few + FewestMore:
                    options = options with { Few = few, Many = many };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options;
    }
}
