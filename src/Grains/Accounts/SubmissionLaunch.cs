using StellarPay.Grains.Results;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// The way of one transaction from what waits to what is stored: what it needs is asked for beside the turns, it is planned in
/// a turn, others sign it beside the turns, and it is signed and stored in a turn that looks again. Where nobody else has to
/// sign, the two turns are one. For one activation.
/// </summary>
internal sealed class SubmissionLaunch(AccountEngine engine, IAccountOwner owner, SubmissionSigner signer)
{
    /// <summary>Sends what waits first. Beside the turns.</summary>
    /// <param name="works">What may wait, the most urgent first.</param>
    /// <param name="cancellationToken">Cancels the call, not what it has stored.</param>
    /// <returns>What was stored, or why nothing was; null where there was nothing to send, or another is under way.</returns>
    public async Task<Result<Submission>?> RunAsync(IReadOnlyList<IAccountWork> works, CancellationToken cancellationToken)
    {
        var first = works.FirstOrDefault(work => work.Waits);
        if (first is not null && await first.PrepareAsync(cancellationToken) is { } unprepared)
        {
            return unprepared;
        }

        var facts = await engine.PrepareAsync(first?.NeedsSponsor ?? false, cancellationToken);
        var ready = works;
        if (!facts.IsSuccess && first is { NeedsSponsor: true })
        {
            // What needs a reserve waits for somebody to carry it, and holds nothing that needs none.
            var unsponsored = await owner.InTurnAsync(
                () => Task.FromResult(works.Where(work => work.WaitsUnsponsored).ToArray()));
            if (unsponsored.Length > 0)
            {
                ready = unsponsored;
                facts = await engine.PrepareAsync(sponsored: false, cancellationToken);
            }
        }

        if (!facts.IsSuccess)
        {
            return facts.Error;
        }

        while (true)
        {
            var step = await owner.InTurnAsync(() => PlanAsync(ready, facts.Value, cancellationToken));
            if (step.Draft is not { Plan.Cosigning: { } cosigning } draft)
            {
                return step.End;
            }

            var others = await cosigning.SignAsync(draft.Unsigned, draft.MaxTime, cancellationToken);
            if (others is not null)
            {
                return others.IsSuccess
                    ? await owner.InTurnAsync(() => SendAsync(draft, cosigning, others.Value, cancellationToken))
                    : others.Error;
            }
        }
    }

    private async Task<Step> PlanAsync(IReadOnlyList<IAccountWork> works, SigningFacts facts, CancellationToken cancellationToken)
    {
        foreach (var work in works)
        {
            if (owner.Submissions.IsUnderWay)
            {
                break;
            }

            if (!work.Waits || await work.PlanAsync(facts) is not { } plan)
            {
                continue;
            }

            if (!plan.IsSuccess)
            {
                return new Step(plan.Error, Draft: null);
            }

            var draft = signer.Draft(owner, plan.Value, facts);
            return plan.Value.Cosigning is null
                ? new Step(await SendAsync(draft, [], cancellationToken), Draft: null)
                : new Step(End: null, draft);
        }

        return new Step(End: null, Draft: null);
    }

    private async Task<Result<Submission>?> SendAsync(
        SubmissionDraft draft, ICosigning cosigning, IReadOnlyList<Cosignature> others, CancellationToken cancellationToken)
    {
        // Another may have come between.
        if (owner.Submissions.IsUnderWay || !SubmissionSigner.IsNext(owner, draft))
        {
            return null;
        }

        return await cosigning.ConfirmAsync() is { } refusal ? refusal : await SendAsync(draft, others, cancellationToken);
    }

    private async Task<Result<Submission>> SendAsync(
        SubmissionDraft draft, IReadOnlyList<Cosignature> others, CancellationToken cancellationToken)
    {
        var signed = await signer.SignAsync(owner, draft, others, cancellationToken);
        if (signed.IsSuccess)
        {
            await engine.StartAsync(signed.Value);
        }

        return signed;
    }

    private sealed record Step(Result<Submission>? End, SubmissionDraft? Draft);
}
