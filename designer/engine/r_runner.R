# Runs a user's R script, in a process that script_runner.py has bounded and turned into R.
#
# Rscript r_runner.R FOLDER: the folder holds request.txt, script.R and the input tables as CSV files beside files of
# the classes of their columns; result tables are written in the same way, and result.json. Base R alone is needed.

MISSING <- "\\N"
SHOWN_NAME <- "<script>"

main <- function(folder) {
  options(keep.source = TRUE, warn = 1, stringsAsFactors = FALSE)
  request <- readLines(file.path(folder, "request.txt"), encoding = "UTF-8")
  seed <- request[1]
  names <- request[-1]
  result <- tryCatch(
    {
      if (nzchar(seed)) set.seed(as.integer(seed))
      returned <- run_script(file.path(folder, "script.R"), folder, names)
      list(tables = save_tables(returned, folder))
    },
    refused = function(condition) list(error = refusal(conditionMessage(condition), "refused")),
    names = function(condition) list(error = refusal(conditionMessage(condition), "names")),
    failed = function(condition) list(error = condition$said)
  )
  temporary <- file.path(folder, "result.tmp")
  writeLines(as_json(result), temporary, useBytes = TRUE)
  invisible(file.rename(temporary, file.path(folder, "result.json")))
}

run_script <- function(path, folder, names) {
  text <- readLines(path, encoding = "UTF-8", warn = FALSE)
  script <- new.env(parent = globalenv())
  told({
    parsed <- parse(text = text, srcfile = srcfilecopy(SHOWN_NAME, text), keep.source = TRUE)
    for (index in seq_along(parsed)) {
      place$line <- attr(parsed, "srcref")[[index]][1]
      eval(parsed[index], script)
    }
    place$line <- NULL
    if (!exists("azureml_main", script, mode = "function", inherits = FALSE)) {
      refuse("The script defines no function `azureml_main`")
    }
    tables <- lapply(names, function(name) if (nzchar(name)) read_table(folder, name) else NULL)
    call_main(get("azureml_main", script), tables)
  })
}

call_main <- function(azureml_main, tables) {
  taken <- length(formals(azureml_main))
  if ("..." %in% names(formals(azureml_main))) taken <- length(tables)
  do.call(azureml_main, tables[seq_len(min(taken, length(tables)))], quote = TRUE)
}

# The line of the statement outside of functions that runs.
place <- new.env()

# Turns an error of the script into what is told of it: message, line and calls.
told <- function(expression) {
  lines <- integer(0)
  calls <- character(0)
  tryCatch(
    withCallingHandlers(expression, error = function(condition) {
      if (inherits(condition, c("refused", "names"))) return()
      found <- sys.calls()
      for (call in found) {
        source <- attr(call, "srcref")
        if (!is.null(source) && identical(attr(source, "srcfile")$filename, SHOWN_NAME)) {
          lines <<- c(lines, source[1])
          calls <<- c(calls, sprintf("  line %d: %s", source[1], trimws(deparse(call)[1])))
        }
      }
    }),
    error = function(condition) {
      if (inherits(condition, c("refused", "names"))) stop(condition)
      said <- conditionMessage(condition)
      kind <- if (grepl("cannot allocate", said, fixed = TRUE)) "memory" else "error"
      line <- if (length(lines)) lines[length(lines)] else if (is.null(place$line)) parse_line(said) else place$line
      trace <- paste(c(calls, paste0("Error: ", said)), collapse = "\n")
      failure <- list(kind = kind, message = said, line = line, traceback = trace)
      stop(structure(class = c("failed", "condition"), list(message = said, call = NULL, said = failure)))
    }
  )
}

parse_line <- function(said) {
  found <- regmatches(said, regexec(paste0(SHOWN_NAME, ":([0-9]+):"), said))[[1]]
  if (length(found) == 2) as.integer(found[2]) else NULL
}

refuse <- function(message, kind = "refused") {
  stop(structure(class = c(kind, "error", "condition"), list(message = message, call = NULL)))
}

refusal <- function(message, kind) list(kind = kind, message = message, line = NULL, traceback = NULL)

read_table <- function(folder, name) {
  classes <- readLines(file.path(folder, paste0(name, ".classes")))
  if (!length(classes)) return(data.frame())
  frame <- utils::read.csv(
    file.path(folder, paste0(name, ".csv")),
    colClasses = "character", na.strings = MISSING, check.names = FALSE, encoding = "UTF-8",
    strip.white = FALSE, comment.char = "", blank.lines.skip = FALSE
  )
  for (index in seq_along(classes)) frame[[index]] <- converted(frame[[index]], classes[index])
  frame
}

converted <- function(text, class) {
  switch(class,
    logical = as.logical(text),
    integer = as.integer(text),
    double = as.double(text),
    factor = factor(text),
    Date = as.Date(text),
    POSIXct = as.POSIXct(as.double(text) / 1e6, origin = "1970-01-01", tz = "UTC"),
    text
  )
}

save_tables <- function(returned, folder) {
  if (is.data.frame(returned)) returned <- list(dataset1 = returned)
  if (is.null(returned)) returned <- list()
  if (!is.list(returned)) {
    refuse(paste0("`azureml_main` returned ", class(returned)[1], "; list(dataset1 = ..., dataset2 = ...) is expected"))
  }
  wanted <- c("dataset1", "dataset2")
  if (is.null(names(returned)) && length(returned)) names(returned) <- wanted[seq_along(returned)]
  odd <- setdiff(names(returned), wanted)
  if (length(odd) || length(returned) > 2) {
    refuse(paste0(
      "`azureml_main` returned ", if (is.na(odd[1])) "more than two tables" else paste0("`", odd[1], "`"),
      "; list(dataset1 = ..., dataset2 = ...) is expected"
    ))
  }
  vapply(wanted, function(name) save_table(returned[[name]], folder, name), character(1), USE.NAMES = FALSE)
}

save_table <- function(frame, folder, name) {
  if (is.null(frame)) return("")
  if (!is.data.frame(frame)) {
    refuse(paste0("`azureml_main` returned ", class(frame)[1], " as `", name, "`; a data.frame is expected"))
  }
  frame <- as.data.frame(frame)
  doubled <- names(frame)[duplicated(names(frame))]
  if (length(doubled)) refuse(paste0("The column name `", doubled[1], "` stands twice in `", name, "`"))
  if (anyNA(names(frame)) || any(!nzchar(names(frame)))) refuse(paste0("A column of `", name, "` has no name"), "names")
  written <- lapply(names(frame), function(column) as_text(frame[[column]], column))
  classes <- vapply(written, function(column) column$class, character(1))
  texts <- lapply(written, function(column) column$text)
  names(texts) <- names(frame)
  writeLines(classes, file.path(folder, paste0(name, ".classes")))
  if (length(texts)) {
    table <- structure(texts, class = "data.frame", row.names = .set_row_names(nrow(frame)))
    file <- file(file.path(folder, paste0(name, ".csv")), "w", encoding = "UTF-8")
    on.exit(close(file))
    utils::write.table(table, file, sep = ",", qmethod = "double", na = MISSING, row.names = FALSE)
  }
  name
}

as_text <- function(values, name) {
  if (inherits(values, "POSIXlt")) values <- as.POSIXct(values)
  if (is.factor(values)) return(list(class = "factor", text = as.character(values)))
  if (inherits(values, "POSIXct")) {
    return(list(class = "POSIXct", text = numbers(round(as.double(values) * 1e6), "%.0f")))
  }
  if (inherits(values, "Date")) return(list(class = "Date", text = format(values, "%Y-%m-%d")))
  if (inherits(values, "difftime")) return(list(class = "double", text = numbers(as.double(values, units = "secs"))))
  if (is.logical(values)) return(list(class = "logical", text = ifelse(values, "true", "false")))
  if (is.integer(values)) return(list(class = "integer", text = as.character(values)))
  if (is.double(values) && is.null(dim(values))) return(list(class = "double", text = numbers(values)))
  if (is.character(values)) return(list(class = "character", text = enc2utf8(values)))
  refuse(paste0("Column `", name, "` is ", class(values)[1], "; numbers, text, logicals, factors and dates are expected"))
}

numbers <- function(values, format = "%.17g") {
  text <- sprintf(format, values)
  text[is.na(values) & !is.nan(values)] <- NA
  text
}

as_json <- function(value) {
  if (is.null(value)) return("null")
  if (is.list(value)) {
    items <- vapply(value, as_json, character(1))
    return(paste0("{", paste0(vapply(names(value), as_json, character(1)), ":", items, collapse = ","), "}"))
  }
  if (is.character(value) && length(value) != 1) {
    return(paste0("[", paste0(vapply(value, as_json, character(1)), collapse = ","), "]"))
  }
  if (is.numeric(value)) return(format(value, scientific = FALSE))
  escaped <- gsub("\\", "\\\\", enc2utf8(value), fixed = TRUE)
  escaped <- gsub("\"", "\\\"", escaped, fixed = TRUE)
  escaped <- gsub("\n", "\\n", escaped, fixed = TRUE)
  escaped <- gsub("[[:cntrl:]]", " ", escaped)
  paste0("\"", escaped, "\"")
}

main(commandArgs(trailingOnly = TRUE)[1])
