using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Requests;

namespace StellarPay.Grains.Wallets;

/// <summary>Logs what becomes of the payments of a transaction.</summary>
internal static partial class PaymentLog
{
    /// <summary>Their transaction is stored.</summary>
    public static void Signed(ILogger logger, IEnumerable<PaymentRecord> payments, Submission submission)
    {
        foreach (var payment in payments)
        {
            LogSigned(logger, payment.Id, submission.PresentHash());
        }
    }

    /// <summary>
    /// Their transaction is decided: under the id of the request that confirmed each, for what drives a payment to its end has no
    /// request of its own.
    /// </summary>
    public static void Ended(ILogger logger, IEnumerable<PaymentRecord> payments, string? code)
    {
        foreach (var payment in payments)
        {
            using var scope = payment.RequestId is { } id ? logger.BeginScope(new RequestScope(id)) : null;
            if (PaymentTransitions.IsTerminal(payment.Status))
            {
                payment.RequestId = null;
                LogEnded(logger, payment.Id, payment.Status, payment.TransactionHash, payment.Ledger, payment.FailureCode);
            }
            else
            {
                LogRequeued(logger, payment.Id, payment.Signings, code);
            }
        }
    }

    [LoggerMessage(1048, LogLevel.Information, "Payment {Payment} is signed: transaction {Hash}.")]
    private static partial void LogSigned(ILogger logger, string payment, string hash);

    [LoggerMessage(1050, LogLevel.Information, "Payment {Payment} ended {Status}: transaction {Hash}, ledger {Ledger}, code {Code}.")]
    private static partial void LogEnded(
        ILogger logger, string payment, PaymentStatus status, string? hash, long? ledger, string? code);

    [LoggerMessage(1052, LogLevel.Warning, "Payment {Payment} goes into another transaction, after {Signings}: {Code}.")]
    private static partial void LogRequeued(ILogger logger, string payment, int signings, string? code);
}
