using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StellarPay.Frontdoor.OpenApi;

/// <summary>
/// How the API's description speaks of what is sent. A field of a request that may be null may be left out, too; the generator takes every
/// parameter of a record's constructor for required. An answer always has all of its fields.
/// </summary>
internal static class RequestSchemas
{
    private const string Suffix = "Request";

    public static Task RelaxAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo;
        if (type.Kind == JsonTypeInfoKind.Object && type.Type.Assembly == typeof(RequestSchemas).Assembly
            && type.Type.Name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            foreach (var field in type.Properties.Where(field => field.IsGetNullable))
            {
                schema.Required?.Remove(field.Name);
            }
        }

        return Task.CompletedTask;
    }
}
