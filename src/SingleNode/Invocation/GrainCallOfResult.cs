namespace StellarPay.SingleNode;

/// <summary>A call with a result of type <typeparamref name="T"/>.</summary>
internal abstract class GrainCall<T> : GrainCall
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answered => _answer.Task;

    public override Task AnswerTask => _answer.Task;

    protected T Result { get; set; } = default!;

    public override object? UntypedResult
    {
        get => Result is Nothing ? null : Result;
        set => Result = value is null ? default! : (T)value;
    }

    protected override void SetResult() => _answer.TrySetResult(Result);

    protected override void SetException(Exception exception) => _answer.TrySetException(exception);
}

/// <summary>The base of generated calls of methods that return <see cref="Task"/>.</summary>
internal abstract class TaskCall : GrainCall<Nothing>
{
    public abstract Task Run(object grain);

    public sealed override Task InvokeAsync(object grain) => Run(grain);
}

/// <summary>The base of generated calls of methods that return <see cref="Task{TResult}"/>.</summary>
internal abstract class TaskCall<T> : GrainCall<T>
{
    public abstract Task<T> Run(object grain);

    public sealed override async Task InvokeAsync(object grain) => Result = Copy<T>.Of(await Run(grain));
}

/// <summary>The base of generated calls of methods that return <see cref="ValueTask"/>.</summary>
internal abstract class ValueTaskCall : GrainCall<Nothing>
{
    public abstract ValueTask Run(object grain);

    public sealed override async Task InvokeAsync(object grain) => await Run(grain);
}

/// <summary>The base of generated calls of methods that return <see cref="ValueTask{TResult}"/>.</summary>
internal abstract class ValueTaskCall<T> : GrainCall<T>
{
    public abstract ValueTask<T> Run(object grain);

    public sealed override async Task InvokeAsync(object grain) => Result = Copy<T>.Of(await Run(grain));
}

/// <summary>The base of generated calls of methods that return nothing, as observers may.</summary>
internal abstract class VoidCall : GrainCall<Nothing>
{
    public abstract void Run(object grain);

    public sealed override Task InvokeAsync(object grain)
    {
        Run(grain);
        return Task.CompletedTask;
    }
}
