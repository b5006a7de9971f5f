using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Payments;

namespace StellarPay.Frontdoor.OpenApi;

/// <summary>The API's description, made from the code, and a page to browse it.</summary>
internal static class ApiDocument
{
    private const string DocumentName = "v1";
    private const string ErrorSchema = "Error";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(DocumentName, options =>
        {
            options.CreateSchemaReferenceId = info =>
                info.Type == typeof(ErrorBody) ? ErrorSchema : OpenApiOptions.CreateDefaultSchemaReferenceId(info);
            options.AddDocumentTransformer(DescribeAsync);
            options.AddOperationTransformer(DescribeFailuresAsync);
            options.AddOperationTransformer(DescribeMoneyAsync);
            options.AddOperationTransformer(KeyDescription.AddAsync);
            options.AddOperationTransformer(MerchantDescription.AddAsync);
            options.AddOperationTransformer(DescribePollingAsync);
            options.AddOperationTransformer(VersionDescription.AddAsync);
            options.AddOperationTransformer(Examples.AddAsync);
            options.AddSchemaTransformer(RequestSchemas.RelaxAsync);
        });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi($"/openapi/{DocumentName}.json");
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "StellarPay API";
            page.SwaggerEndpoint($"/openapi/{DocumentName}.json", "StellarPay v1");
        });
    }

    private static async Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StellarPay",
            Version = DocumentName,
            Description = "A custodial wallet on the Stellar network. Amounts are decimal strings with seven places; times are UTC. "
                + "Every failure has one shape, with a stable code. Live updates: a SignalR hub at /hubs/live.",
        };
        // Where it is served from is the reader's own address.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[JwtBearerDefaults.AuthenticationScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The access token of a session.",
        };
        document.Components.SecuritySchemes[MerchantDescription.Scheme] = MerchantDescription.SecurityScheme;
        document.AddComponent(ErrorSchema, await context.GetOrCreateSchemaAsync(typeof(ErrorBody), null, cancellationToken));
    }

    private static Task DescribeFailuresAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        operation.Responses["default"] = Failure("Any failure", context.Document);
        operation.Responses["429"] = Failure(
            "Too many requests of this user or from this address. Come again after Retry-After.", context.Document, comeAgain: true);
        operation.Responses["503"] = Failure(
            "A part of the system does not answer, or too many wait for it already. Come again after Retry-After.",
            context.Document, comeAgain: true);
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(JwtBearerDefaults.AuthenticationScheme, context.Document)] = [],
                },
            ];
        }

        return Task.CompletedTask;
    }

    private static Task DescribeMoneyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<MovesMoney>().LastOrDefault() is not { } moves)
        {
            return Task.CompletedTask;
        }

        operation.Responses ??= [];
        operation.Responses["504"] = Failure(
            "outcome_unknown: it may have been done. The same request, under the same key, tells what came of it.",
            context.Document, comeAgain: true);
        foreach (var header in operation.Parameters?.OfType<OpenApiParameter>().Where(one => one.Name == IdempotencyKey.Header) ?? [])
        {
            header.Required = moves.AlwaysNeedsKey;
            header.Description = moves.Key;
        }

        return Task.CompletedTask;
    }

    private static Task DescribePollingAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Polled>().Any())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "If-None-Match",
                In = ParameterLocation.Header,
                Description = "The ETag of an earlier answer: 304 where it would be the same.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
            operation.Responses ??= [];
            operation.Responses["304"] = new OpenApiResponse { Description = "The answer of that ETag is still right." };
        }

        return Task.CompletedTask;
    }

    private static OpenApiResponse Failure(string description, OpenApiDocument? document, bool comeAgain = false) => new()
    {
        Description = description,
        Headers = comeAgain
            ? new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "In so many seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                },
            }
            : null,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Schema = new OpenApiSchemaReference(ErrorSchema, document) },
        },
    };
}
