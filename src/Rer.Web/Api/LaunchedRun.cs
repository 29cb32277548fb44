namespace Rer.Web.Api;

/// <summary>A run that was queued.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Page">Where a browser shows it.</param>
public sealed record LaunchedRun(string Id, string Page);
