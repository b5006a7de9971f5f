using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Transactions;

/// <summary>Takes transactions, and waits for their ledger or not.</summary>
internal static class SubmissionEndpoints
{
    /// <summary>Base64 of the largest envelope that Horizon decodes is smaller.</summary>
    public const int MaxFormBytes = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/transactions", SubmitAsync);
        routes.MapPost("/transactions_async", SubmitWithoutWaitingAsync);
    }

    private static async Task SubmitAsync(HttpContext http, SandboxNetwork network)
    {
        var (text, frame, problem) = await ReadAsync(http, network);
        if (frame is null)
        {
            await HorizonAnswer.ProblemAsync(http, problem!);
            return;
        }

        var outcome = await network.SubmitAsync(frame, http.RequestAborted);
        if (outcome.Transaction is null && outcome.Refusal is null || HorizonPipeline.TimesOutAfterApplying(http))
        {
            await HorizonAnswer.ProblemAsync(http, SubmissionProblems.Timeout(frame.ContentsHash, text));
        }
        else if (outcome.Transaction is { Successful: true } transaction)
        {
            var request = HorizonPipeline.RequestOf(http, network);
            await HorizonAnswer.ObjectAsync(request, json =>
                TransactionJson.Write(json, request.Links, transaction, frame.ContentsHash));
        }
        else
        {
            var result = outcome.Refusal ?? TransactionResult.FromXdr(outcome.Transaction!.Result.AsSpan());
            await HorizonAnswer.ProblemAsync(http, SubmissionProblems.Failed(frame.ContentsHash, text, result));
        }
    }

    private static async Task SubmitWithoutWaitingAsync(HttpContext http, SandboxNetwork network)
    {
        var (_, frame, problem) = await ReadAsync(http, network);
        if (frame is null)
        {
            await HorizonAnswer.ProblemAsync(http, problem!);
            return;
        }

        var submission = network.Submit(frame);
        var (name, status) = submission.Status switch
        {
            SubmissionStatus.Pending => ("PENDING", 201),
            SubmissionStatus.Duplicate => ("DUPLICATE", 409),
            SubmissionStatus.TryAgainLater => ("TRY_AGAIN_LATER", 503),
            _ => ("ERROR", 400),
        };
        await HorizonAnswer.ObjectAsync(
            HorizonPipeline.RequestOf(http, network),
            json =>
            {
                json.WriteStartObject();
                if (submission.Result is { } result)
                {
                    json.WriteString("error_result_xdr", result.ToXdrBase64());
                }

                json.WriteString("tx_status", name);
                json.WriteString("hash", frame.ContentsHash.ToString());
                json.WriteEndObject();
            },
            status);
    }

    private static async Task<(string Text, TransactionFrame? Frame, HorizonProblem? Problem)> ReadAsync(
        HttpContext http, SandboxNetwork network)
    {
        if (!http.Request.HasFormContentType && !string.IsNullOrEmpty(http.Request.ContentType))
        {
            return ("", null, HorizonProblem.UnsupportedMediaType);
        }

        var text = http.Request.HasFormContentType
            ? (await http.Request.ReadFormAsync(http.RequestAborted))["tx"].ToString()
            : http.Request.Query["tx"].ToString();
        try
        {
            return (text, network.FrameOf(TransactionEnvelope.FromXdrBase64(text)), null);
        }
        catch (XdrException)
        {
            return (text, null, SubmissionProblems.Malformed(text));
        }
    }
}
