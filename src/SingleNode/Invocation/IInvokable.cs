using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A call with its arguments.</summary>
public interface IInvokable : IDisposable
{
    object? GetTarget();

    int GetArgumentCount();

    object? GetArgument(int index);

    void SetArgument(int index, object value);

    string GetMethodName();

    string GetInterfaceName();

    Type GetInterfaceType();

    MethodInfo GetMethod();

    CancellationToken GetCancellationToken();

    TimeSpan? GetDefaultResponseTimeout();
}
