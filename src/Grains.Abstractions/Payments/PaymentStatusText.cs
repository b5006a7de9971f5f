using System.Text.Json;

namespace StellarPay.Grains.Payments;

/// <summary>
/// A payment's status as events, lists and answers name it: in snake_case. Whoever pays need not know what is signed and what
/// is sent: both is <c>processing</c>.
/// </summary>
public static class PaymentStatusText
{
    private const string Processing = "processing";

    /// <summary>The name of a status.</summary>
    public static string Of(PaymentStatus status) =>
        status == PaymentStatus.Signed ? Processing : JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>The status of that name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static PaymentStatus Parse(string name)
    {
        foreach (var status in Enum.GetValues<PaymentStatus>())
        {
            if (Of(status) == name)
            {
                return status;
            }
        }

        throw new FormatException($"'{name}' is no status of a payment.");
    }
}
